import type { Clock } from '#local/clock.ts';
import { type Place, streamArn, tableNameOf } from '#local/services/dynamodb/arns.ts';
import type { Database, DatabaseOperation } from '#local/services/dynamodb/database.ts';
import type { ItemChange } from '#local/services/dynamodb/item-change.ts';
import { LAST_SEQUENCE, rangeOf, recordsPrefix } from '#local/services/dynamodb/keys.ts';
import {
  type StreamRecord,
  streamRecord,
  type UserIdentity,
} from '#local/services/dynamodb/stream-record.ts';
import type { Table } from '#local/services/dynamodb/table.ts';
import type { TableCatalogue } from '#local/services/dynamodb/table-catalogue.ts';
import { ServiceFault } from '#local/services/local-service.ts';

/** How long a record can be read. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html */
const RETENTION_MS = 24 * 60 * 60 * 1000;

/** Old records stay on disk at most this long after they stopped being read, so that one pass takes many. */
const TRIM_EVERY_MS = 60 * 60 * 1000;

/** AWS's sequence numbers have 21 digits or more; these begin high enough never to change their length. */
const FIRST_SEQUENCE = 100_000_000_000_000_000_000n;

/** The streams of all tables. A table has one, in one shard, whose name never changes. */
export class Streams {
  readonly #place: Place;
  readonly #clock: Clock;
  readonly #database: Database;
  readonly #tables: TableCatalogue;
  readonly #listeners = new Map<string, Set<() => void>>();
  #lastSequence: bigint;
  #cancelTrim: (() => void) | undefined;
  #trimming: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(parts: StreamsParts, lastSequence: bigint) {
    this.#place = parts.place;
    this.#clock = parts.clock;
    this.#database = parts.database;
    this.#tables = parts.tables;
    this.#lastSequence = lastSequence;
  }

  /** Goes on after the last sequence number that the database knows. */
  static async open(parts: StreamsParts): Promise<Streams> {
    const last = await parts.database.get(LAST_SEQUENCE);
    const streams = new Streams(parts, last === undefined ? FIRST_SEQUENCE : BigInt(last));
    await streams.#trim();
    return streams;
  }

  /**
   * Reads records in their order.
   *
   * @param options.after - An exclusive sequence number; from the oldest that is kept when absent.
   * @throws {ServiceFault} `ResourceNotFoundException` where there is no such stream.
   */
  async read(
    arn: string,
    options: { readonly after: string | undefined; readonly limit: number },
  ): Promise<readonly StreamRecord[]> {
    const prefix = recordsPrefix(this.tableOf(arn).schema.TableName);
    const whole = rangeOf(prefix);
    const range =
      options.after === undefined ? whole : { gt: prefix + options.after, lt: whole.lt };
    const records: StreamRecord[] = [];
    for await (const text of this.#database.values(range)) {
      if (records.length >= options.limit) break;
      const record = parseRecord(text);
      if (this.#isKept(record)) records.push(record);
    }
    return records;
  }

  /**
   * Tells when a stream has grown, synchronously and within the activity of the write.
   *
   * @returns Ends it.
   */
  onAppend(arn: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(arn) ?? new Set();
    this.#listeners.set(arn, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  /** Words changes as records, for the batch that also makes the changes; a table without a stream has none. */
  recordsOf(
    changes: readonly ItemChange[],
    userIdentity: UserIdentity | undefined,
  ): readonly DatabaseOperation[] {
    const operations = changes.flatMap((change): DatabaseOperation[] => {
      const { schema, streamLabel, streamViewType } = change.table;
      if (streamViewType === undefined) return [];
      this.#lastSequence += 1n;
      const record = streamRecord(change, {
        region: this.#place.region,
        streamArn: streamArn(this.#place, schema.TableName, streamLabel),
        viewType: streamViewType,
        sequenceNumber: String(this.#lastSequence),
        atMs: this.#clock.nowMs(),
        userIdentity,
      });
      const key = recordsPrefix(schema.TableName) + record.dynamodb.SequenceNumber;
      return [{ type: 'put', key, value: JSON.stringify(record) }];
    });
    if (operations.length === 0) return [];
    return [...operations, { type: 'put', key: LAST_SEQUENCE, value: String(this.#lastSequence) }];
  }

  /** Tells the listeners of each table that got a record, once per stream. */
  announce(tables: Iterable<Table>): void {
    const arns = new Set<string>();
    for (const { schema, streamLabel, streamViewType } of tables)
      if (streamViewType !== undefined)
        arns.add(streamArn(this.#place, schema.TableName, streamLabel));
    if (arns.size === 0) return;
    this.#cancelTrim ??= this.#bookTrim(this.#clock.nowMs());
    for (const arn of arns) for (const listener of this.#listeners.get(arn) ?? []) listener();
  }

  /** The last sequence number given so far, in any stream. */
  lastSequenceNumber(): string {
    return String(this.#lastSequence);
  }

  /** @throws {ServiceFault} `ResourceNotFoundException` unless the stream is on. */
  tableOf(arn: string): Table {
    const table = this.#tables.find(tableNameOf(this.#place, arn));
    if (table && table.streamViewType !== undefined && arn === this.arnOf(table)) return table;
    throw new ServiceFault(
      'ResourceNotFoundException',
      `Requested resource not found: Stream: ${arn} not found`,
    );
  }

  /** Gives the ARN of a table's stream, whether it is on or not. */
  arnOf(table: Table): string {
    return streamArn(this.#place, table.schema.TableName, table.streamLabel);
  }

  /** Waits for a trim that is under way; none comes after it. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTrim?.();
    await this.#trimming;
  }

  #isKept(record: StreamRecord): boolean {
    return record.dynamodb.ApproximateCreationDateTime * 1000 > this.#clock.nowMs() - RETENTION_MS;
  }

  #bookTrim(oldestMs: number): () => void {
    return this.#clock.schedule(oldestMs + RETENTION_MS + TRIM_EVERY_MS, () => {
      this.#trimming = this.#trim();
      return this.#trimming;
    });
  }

  /** Deletes what is too old to be read, and comes again when the oldest of the rest is. */
  async #trim(): Promise<void> {
    this.#cancelTrim?.();
    this.#cancelTrim = undefined;
    let oldestMs = Number.POSITIVE_INFINITY;
    for (const { schema } of this.#tables.all()) {
      if (this.#closed) return;
      const oldest = await this.#trimStream(schema.TableName);
      if (oldest) oldestMs = Math.min(oldestMs, oldest.dynamodb.ApproximateCreationDateTime * 1000);
    }
    if (oldestMs < Number.POSITIVE_INFINITY) this.#cancelTrim ??= this.#bookTrim(oldestMs);
  }

  async #trimStream(tableName: string): Promise<StreamRecord | undefined> {
    const range = rangeOf(recordsPrefix(tableName));
    let lastOldKey: string | undefined;
    let oldestKept: StreamRecord | undefined;
    for await (const [key, text] of this.#database.iterator(range)) {
      const record = parseRecord(text);
      if (this.#isKept(record)) {
        oldestKept = record;
        break;
      }
      lastOldKey = key;
    }
    // Up to the last key that was seen, never the whole range: writes go on meanwhile.
    if (lastOldKey !== undefined) await this.#database.clear({ gte: range.gte, lte: lastOldKey });
    return oldestKept;
  }
}

/** What streams are made of. */
export interface StreamsParts {
  readonly place: Place;
  readonly clock: Clock;
  readonly database: Database;
  readonly tables: TableCatalogue;
}

function parseRecord(text: string): StreamRecord {
  return JSON.parse(text);
}
