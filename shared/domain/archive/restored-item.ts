import { type EpochSeconds, fromIso, toIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { factAttributes, settleAttributes } from '#shared/domain/job/job-row.ts';
import type { Settlement } from '#shared/domain/job/settlement.ts';
import type { Item } from '#shared/domain/result/item-bytes.ts';
import type { PayloadPointer, StoredResult } from '#shared/domain/result/stored-result.ts';

/** The attribute by which a row tells that it was put back from the archive. */
export const RESTORED_AT = 'restoredAt';

/** A job as the archive has it: without its result's content, which is beside. */
export interface ArchivedJob {
  readonly job: Job;
  readonly result:
    | { readonly kind: 'none' }
    | { readonly kind: 'json'; readonly text: string }
    /** `key` is that of the copy in the archive. */
    | { readonly kind: 'object'; readonly payload: Omit<PayloadPointer, 'keptUntil'> };
}

/** When a job is put back, and until when it is to stay. */
export interface RestoredTimes {
  readonly now: EpochSeconds;
  readonly until: EpochSeconds;
}

/** Writes how an archived job ended, with the time that it gets now; its result is yet to be added. */
export function restoredSettlement({ job }: ArchivedJob, { until }: RestoredTimes): Settlement {
  const { outcome = 'success', finishedAt = '', durationMs, error, indexes, attempts } = job;
  return {
    outcome,
    finishedAt: fromIso(finishedAt) ?? 0,
    ...(durationMs !== undefined && { durationMs }),
    ...(error && { error }),
    ...(indexes && { indexes }),
    ...(attempts && { attempts }),
    expiry: { resultExpiresAt: until, expiresAt: until, rule: 'job:restored' },
  };
}

/** Tells of a result that was not kept why; `undefined` where it was kept, or there was none. */
export function unkeptResult(job: Job): StoredResult | undefined {
  const { resultState: state, resultReason: reason = '', resultBytes: bytes = 0 } = job;
  switch (state) {
    case 'not-selected':
    case 'unserializable':
      return { state, reason };
    case 'too-large':
      return { state, bytes };
    case 'off':
      return { state };
    default:
      return undefined;
  }
}

/** Tells what a kept result's row says of it besides its content. */
export function keptFlags({ resultHash, resultState, sameAs }: Job) {
  const hash = resultHash === undefined ? {} : { hash: resultHash };
  return resultState === 'unchanged' && sameAs !== undefined
    ? ({ state: 'unchanged', sameAs, ...hash } as const)
    : ({ state: 'stored', ...hash } as const);
}

/**
 * Writes the row of a job that is put back: as it settled, with other times, and a mark by which nobody takes it for a settle.
 *
 * It keeps the key of its day, under which it was archived and is not archived again; what was counted of its result is in the sums already.
 */
export function restoredItem(job: Job, settlement: Settlement, now: EpochSeconds): Item {
  const { startedAt, cancelRequested, inputs, archiveDays, expiryDay, expiryAt } = job;
  return {
    ...factAttributes(job),
    attempt: job.attempt,
    ...(startedAt !== undefined && { startedAt }),
    ...(cancelRequested && { cancelRequested: { ...cancelRequested } }),
    ...(inputs && { inputs: inputs.map((source) => ({ ...source })) }),
    ...settleAttributes(job.key, settlement),
    ...(archiveDays !== undefined && { archiveDays }),
    ...(expiryDay !== undefined && { expiryDay }),
    ...(expiryAt !== undefined && { expiryAt }),
    [RESTORED_AT]: toIso(now),
  };
}

/**
 * Tells whether a job's row may be replaced by what the archive has: there is none, or its time is up.
 *
 *     settled ── its result expires, or its record where there is none ── may be put back ── TTL ── may be put back
 */
export function mayRestore(row: Job | undefined, now: EpochSeconds): boolean {
  if (!row) return true;
  if (row.state !== 'settled') return false;
  const { content, resultExpiresAt, expiresAt = 0, expiryAt = '', restoredAt } = row;
  if (content && resultExpiresAt !== undefined) return resultExpiresAt <= now;
  return (restoredAt === undefined ? (fromIso(expiryAt) ?? expiresAt) : expiresAt) <= now;
}
