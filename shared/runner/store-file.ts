import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import type { StartPolicy } from '#shared/domain/job/policy.ts';
import {
  type AttemptPlace,
  payloadClassFor,
  payloadKey,
} from '#shared/domain/result/payload-class.ts';
import { LARGEST_RESULT_BYTES } from '#shared/domain/result/serialize-result.ts';
import type { StoredResult } from '#shared/domain/result/stored-result.ts';
import type { PayloadStore, PayloadUpload } from '#shared/ports/payload-store.ts';
import type { ResultFile } from '#shared/runner/result-file.ts';

/** So much of a file is in memory at a time; S3 takes no smaller part but the last. See https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const PART_BYTES = 8_388_608;

const SECONDS_PER_DAY = 86_400;

/** Where a file goes, and how much of it may. */
export interface StoreFileContext {
  readonly place: AttemptPlace;
  readonly policy: StartPolicy;
  /** Seconds that the result is kept; 0: it is not read at all. */
  readonly keptSeconds: number;
  readonly now: EpochSeconds;
  /** Absent: {@link LARGEST_RESULT_BYTES}. */
  readonly largestBytes?: number;
  /** Aborts with the attempt: the upload is given up. */
  readonly signal: AbortSignal;
}

/**
 * Writes a file that a task returned to the bucket, part by part, never more than a part of it in memory.
 *
 *     read ── a part is full ── put ── … ── finish ──▶ object ── settle ──▶ row with its key
 *       └──── too large, aborted, or its stream fails ── abort: S3 drops the parts
 *
 * A crash leaves parts, which the bucket drops after a day.
 *
 * @throws what the file's stream throws; the signal's reason; {AlmanacError} `store.unavailable`.
 */
export async function storeFile(
  file: ResultFile,
  context: StoreFileContext,
  payloads: Pick<PayloadStore, 'openUpload'>,
): Promise<StoredResult> {
  const { policy, keptSeconds, largestBytes = LARGEST_RESULT_BYTES } = context;
  const unwanted = refusalOf(policy, keptSeconds);
  if (unwanted) {
    await discard(file);
    return unwanted;
  }
  const days = payloadClassFor(keptSeconds);
  const { type, name } = file;
  const object = {
    key: payloadKey(context.place, days),
    type,
    ...(name !== undefined && { name }),
  };
  const upload = payloads.openUpload(object);
  const read = await pour(file, { upload, largestBytes, signal: context.signal });
  if (!read.isWhole) return { state: 'too-large', bytes: read.bytes };
  const keptUntil = toIso(context.now + days * SECONDS_PER_DAY);
  const { bytes, sha256 } = read;
  const payload = { ...object, bytes, storedBytes: bytes, sha256, keptUntil };
  return { state: 'stored', bytes, content: { kind: 'payload', payload } };
}

function refusalOf(policy: StartPolicy, keptSeconds: number): StoredResult | undefined {
  if (keptSeconds === 0) return { state: 'off' };
  if (policy.persist === 'on-error')
    return { state: 'not-selected', reason: 'its schedule keeps failures alone' };
  if (policy.redact === undefined && policy.select === undefined) return undefined;
  return { state: 'not-selected', reason: 'a file cannot be redacted or selected from' };
}

/** A stream that nobody reads is closed, so that it holds nothing and fails at nobody. */
async function discard({ body }: ResultFile): Promise<void> {
  if (body instanceof Readable) body.destroy();
  if (body instanceof ReadableStream) await body.cancel();
}

interface Pouring {
  readonly upload: PayloadUpload;
  readonly largestBytes: number;
  readonly signal: AbortSignal;
}

type Poured =
  | { readonly isWhole: true; readonly bytes: number; readonly sha256: string }
  /** `bytes` is how far it was read. */
  | { readonly isWhole: false; readonly bytes: number };

async function pour(file: ResultFile, pouring: Pouring): Promise<Poured> {
  try {
    const poured = await pourParts(file, pouring);
    await (poured.isWhole ? pouring.upload.finish() : pouring.upload.abort());
    return poured;
  } catch (error) {
    // What made it fail is what is told, also where S3 does not answer to this.
    await pouring.upload.abort().catch(() => undefined);
    throw error;
  }
}

async function pourParts(file: ResultFile, pouring: Pouring): Promise<Poured> {
  const { upload, largestBytes, signal } = pouring;
  const hash = createHash('sha256');
  let part: Uint8Array[] = [];
  let [partBytes, bytes] = [0, 0];
  for await (const chunk of chunksOf(file)) {
    signal.throwIfAborted();
    bytes += chunk.byteLength;
    if (bytes > largestBytes) return { isWhole: false, bytes };
    hash.update(chunk);
    part.push(chunk);
    partBytes += chunk.byteLength;
    if (partBytes < PART_BYTES) continue;
    await upload.put(Buffer.concat(part));
    [part, partBytes] = [[], 0];
  }
  signal.throwIfAborted();
  if (partBytes > 0 || bytes === 0) await upload.put(Buffer.concat(part));
  return { isWhole: true, bytes, sha256: hash.digest('hex') };
}

/** A large chunk is cut, so that what a part holds has a bound. */
async function* chunksOf({ body }: ResultFile): AsyncGenerator<Uint8Array> {
  const chunks = typeof body === 'string' || body instanceof Uint8Array ? [body] : body;
  for await (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    for (let at = 0; at < bytes.byteLength; at += PART_BYTES)
      yield bytes.subarray(at, at + PART_BYTES);
  }
}
