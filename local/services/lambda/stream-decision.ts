import type { StreamRecord } from '#local/services/lambda/streams.ts';

/** How a stream's mapping takes failures. See https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html */
export interface StreamPolicy {
  readonly bisects: boolean;
  /** -1: as long as the records are there. */
  readonly maximumRetryAttempts: number;
  readonly maximumRecordAgeSeconds: number;
}

/** Records on their way to the function, oldest first, at least one. */
export interface StreamBatch {
  readonly records: readonly StreamRecord[];
  /** Where the checkpoint stands once this batch is done: past the records that the filter held back, too. */
  readonly through: string;
  /** Failed invocations that count against the retries. */
  readonly failures: number;
  /** All invocations. */
  readonly invocations: number;
  /** Invocations in a row that were refused for want of concurrency. */
  readonly throttles: number;
}

export type BatchEnd =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed' }
  /** The first record that failed, by its place in the batch. */
  | { readonly kind: 'partly-failed'; readonly from: number }
  | { readonly kind: 'throttled' };

export type StreamDecision =
  /** Nothing of the batch is left. */
  | { readonly kind: 'done' }
  | { readonly kind: 'given-up'; readonly batch: StreamBatch }
  /** What is left, in order, to be tried again after a wait. */
  | { readonly kind: 'again'; readonly batches: readonly StreamBatch[]; readonly waitMs: number };

/** Lambda's own wait between tries is not documented; the first two come at once, and the wait doubles to a minute. */
const IMMEDIATE_TRIES = 2;
const SHORTEST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Decides what follows an invocation with a batch of a stream.
 *
 * A batch is halved where the mapping bisects, which does not count as a retry; a partial failure leaves the records
 * from the first failed one on. Throttles are retried for as long as the records are there.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export function decideAfterBatch(
  batch: StreamBatch,
  end: BatchEnd,
  policy: StreamPolicy,
): StreamDecision {
  if (end.kind === 'succeeded') return { kind: 'done' };
  if (end.kind === 'throttled') {
    const throttles = batch.throttles + 1;
    return { kind: 'again', batches: [{ ...batch, throttles }], waitMs: waitMs(throttles) };
  }
  const invocations = batch.invocations + 1;
  const from = end.kind === 'partly-failed' ? end.from : 0;
  const left = { ...batch, records: batch.records.slice(from), invocations, throttles: 0 };
  if (policy.bisects && batch.records.length > 1)
    return { kind: 'again', batches: from > 0 ? [left] : halves(left), waitMs: 0 };
  const failed = { ...left, failures: batch.failures + 1 };
  if (policy.maximumRetryAttempts >= 0 && failed.failures > policy.maximumRetryAttempts)
    return { kind: 'given-up', batch: failed };
  return {
    kind: 'again',
    batches: [failed],
    waitMs: failed.failures <= IMMEDIATE_TRIES ? 0 : waitMs(failed.failures - IMMEDIATE_TRIES),
  };
}

/**
 * Parts the records that have passed their age from the rest.
 *
 * @returns Either part is `undefined` when it would be empty.
 */
export function partExpired(
  batch: StreamBatch,
  policy: StreamPolicy,
  nowMs: number,
): { readonly expired: StreamBatch | undefined; readonly fresh: StreamBatch | undefined } {
  const bound = nowMs / 1000 - policy.maximumRecordAgeSeconds;
  const firstFresh = batch.records.findIndex(
    (record) => record.dynamodb.ApproximateCreationDateTime >= bound,
  );
  if (firstFresh === 0) return { expired: undefined, fresh: batch };
  if (firstFresh < 0) return { expired: batch, fresh: undefined };
  const [expired, fresh] = partAt(batch, firstFresh);
  return { expired, fresh };
}

function halves(batch: StreamBatch): readonly StreamBatch[] {
  return partAt(batch, Math.ceil(batch.records.length / 2));
}

function partAt(batch: StreamBatch, place: number): readonly [StreamBatch, StreamBatch] {
  const before = batch.records.slice(0, place);
  const through = before.at(-1)?.dynamodb.SequenceNumber ?? batch.through;
  return [
    { ...batch, records: before, through },
    { ...batch, records: batch.records.slice(place) },
  ];
}

function waitMs(tries: number): number {
  return Math.min(SHORTEST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS);
}
