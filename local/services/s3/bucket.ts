import * as z from 'zod';
import type { Clock } from '#local/clock.ts';
import { ServiceFault } from '#local/services/local-service.ts';
import { ExpiryQueue } from '#local/services/s3/expiry-queue.ts';
import {
  type Due,
  lifecycleRule,
  objectDue,
  uploadDue,
} from '#local/services/s3/lifecycle-rule.ts';
import { SortedKeys } from '#local/services/s3/sorted-keys.ts';
import {
  type StoredObject,
  type StoredUpload,
  storedObject,
  storedUpload,
} from '#local/services/s3/stored-object.ts';
import type { Collection, State } from '#local/state.ts';

/** What a bucket is told beside its objects. */
const bucketSettings = z.strictObject({
  rules: z.array(lifecycleRule),
  /** The policy document as it was given. */
  policy: z.unknown().optional(),
  tags: z.array(z.strictObject({ Key: z.string(), Value: z.string() })),
});
export type BucketSettings = z.infer<typeof bucketSettings>;

/** What a bucket stands on. */
export interface BucketGround {
  readonly clock: Clock;
  readonly state: State;
  /** Forgets the bytes of an object or part that nothing refers to any more. */
  readonly discard: (blob: string) => void;
}

/**
 * A bucket: its objects' rows, its unfinished uploads, and their ends by lifecycle.
 *
 * Each change is one synchronous step that writes through to the state; so a condition that is checked and a write that
 * follows without a wait between them have exactly one winner.
 */
export class Bucket {
  readonly name: string;
  readonly createdAtMs: number;
  readonly #ground: BucketGround;
  readonly #settingsRow: Collection;
  readonly #objectRows: Collection;
  readonly #uploadRows: Collection;
  readonly #objects: Map<string, StoredObject>;
  readonly #uploads: Map<string, StoredUpload>;
  readonly #expiries: ExpiryQueue;
  #settings: BucketSettings;
  /** In the order in which lists give them. */
  readonly keys: SortedKeys;

  constructor(name: string, row: BucketRow, ground: BucketGround) {
    this.name = name;
    this.createdAtMs = row.createdAtMs;
    this.#settings = row.settings;
    this.#ground = ground;
    this.#settingsRow = ground.state.collection(BUCKETS);
    this.#objectRows = ground.state.collection(`s3.objects/${name}`);
    this.#uploadRows = ground.state.collection(`s3.uploads/${name}`);
    this.#objects = readRows(this.#objectRows, storedObject);
    this.#uploads = readRows(this.#uploadRows, storedUpload);
    this.keys = new SortedKeys(this.#objects.keys());
    this.#expiries = new ExpiryQueue(ground.clock);
    this.#watchAll();
  }

  get settings(): BucketSettings {
    return this.#settings;
  }

  /** Changes some settings, and applies changed rules to everything that is there. */
  configure(changes: Partial<BucketSettings>): void {
    this.#settings = { ...this.#settings, ...changes };
    const row: BucketRow = { createdAtMs: this.createdAtMs, settings: this.#settings };
    this.#settingsRow.set(this.name, row);
    this.#watchAll();
  }

  get(key: string): StoredObject | undefined {
    return this.#objects.get(key);
  }

  put(key: string, object: StoredObject): void {
    const replaced = this.#objects.get(key);
    this.#objectRows.set(key, object);
    this.#objects.set(key, object);
    this.keys.add(key);
    if (replaced) this.#ground.discard(replaced.blob);
    this.#watchObject(key, object);
    this.#expiries.rebook();
  }

  /** Deletes an object; a key that is not there is no error. */
  delete(key: string): void {
    const object = this.#objects.get(key);
    if (!object) return;
    this.#objectRows.delete(key);
    this.#objects.delete(key);
    this.keys.delete(key);
    this.#ground.discard(object.blob);
    this.#expiries.rebook();
  }

  uploads(): readonly StoredUpload[] {
    return [...this.#uploads.values()];
  }

  upload(id: string): StoredUpload | undefined {
    return this.#uploads.get(id);
  }

  /** Begins an upload, or notes its parts; the bytes of parts that it no longer names are forgotten. */
  setUpload(upload: StoredUpload): void {
    const former = this.#uploads.get(upload.id);
    const kept = new Set(upload.parts.map((part) => part.blob));
    this.#uploadRows.set(upload.id, upload);
    this.#uploads.set(upload.id, upload);
    for (const part of former?.parts ?? [])
      if (!kept.has(part.blob)) this.#ground.discard(part.blob);
    if (!former) this.#watchUpload(upload);
  }

  /** Ends an upload, whichever way, and forgets its parts. */
  deleteUpload(id: string): void {
    const upload = this.#uploads.get(id);
    if (!upload) return;
    this.#uploadRows.delete(id);
    this.#uploads.delete(id);
    for (const part of upload.parts) this.#ground.discard(part.blob);
    this.#expiries.rebook();
  }

  /** Tells when an object will expire, as things stand. */
  dueOf(key: string, object: StoredObject): Due | undefined {
    return objectDue(this.#settings.rules, { ...object, key });
  }

  /** Names all bytes that the bucket refers to. */
  blobs(): readonly string[] {
    const parts = this.uploads().flatMap((upload) => upload.parts);
    return [...this.#objects.values(), ...parts].map((each) => each.blob);
  }

  #watchAll(): void {
    this.#expiries.clear();
    for (const [key, object] of this.#objects) this.#watchObject(key, object);
    for (const upload of this.#uploads.values()) this.#watchUpload(upload);
  }

  #watchObject(key: string, object: StoredObject): void {
    const due = this.dueOf(key, object);
    if (due)
      this.#expiries.add({
        atMs: due.atMs,
        isCurrent: () => this.#objects.get(key) === object,
        expire: () => this.delete(key),
      });
  }

  #watchUpload(upload: StoredUpload): void {
    const due = uploadDue(this.#settings.rules, upload);
    if (due)
      this.#expiries.add({
        atMs: due.atMs,
        isCurrent: () => this.#uploads.has(upload.id),
        expire: () => this.deleteUpload(upload.id),
      });
  }
}

const BUCKETS = 's3.buckets';

const bucketRow = z.strictObject({ createdAtMs: z.int(), settings: bucketSettings });
type BucketRow = z.infer<typeof bucketRow>;

/** All buckets by name, as they were left and as the template makes them. */
export class Buckets {
  readonly #ground: BucketGround;
  readonly #byName = new Map<string, Bucket>();

  constructor(ground: BucketGround) {
    this.#ground = ground;
    for (const [name, row] of readRows(ground.state.collection(BUCKETS), bucketRow))
      this.#byName.set(name, new Bucket(name, row, ground));
  }

  /** In the order of their names. */
  all(): readonly Bucket[] {
    return [...this.#byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** @throws {ServiceFault} `NoSuchBucket`. */
  require(name: string): Bucket {
    const bucket = this.#byName.get(name);
    if (bucket) return bucket;
    throw new ServiceFault('NoSuchBucket', 'The specified bucket does not exist', {
      status: 404,
      members: { BucketName: name },
    });
  }

  /** Makes a bucket where there is none; one that is there keeps its objects. */
  ensure(name: string): Bucket {
    const present = this.#byName.get(name);
    if (present) return present;
    const settings: BucketSettings = { rules: [], tags: [] };
    const bucket = new Bucket(
      name,
      { createdAtMs: wholeSecondMs(this.#ground.clock), settings },
      this.#ground,
    );
    this.#byName.set(name, bucket);
    bucket.configure({});
    return bucket;
  }
}

/** The present instant as S3 notes it: on a whole second, in epoch milliseconds. */
export function wholeSecondMs(clock: Clock): number {
  return Math.floor(clock.nowMs() / 1000) * 1000;
}

function readRows<Row>(collection: Collection, row: z.ZodType<Row>): Map<string, Row> {
  return new Map(collection.entries().map(([key, value]) => [key, row.parse(value)]));
}
