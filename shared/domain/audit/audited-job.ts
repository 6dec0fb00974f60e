import { type EpochSeconds, fromIso } from '#shared/domain/epoch-seconds.ts';
import type { JobState } from '#shared/domain/job/job.ts';
import { isSharedPayload } from '#shared/domain/result/payload-class.ts';

/** As much of a job's row as an audit asks about. */
export interface AuditedJob {
  readonly state: JobState;
  /** The object that the row points to; absent where its result lies in the row, or nowhere. */
  readonly payloadKey?: string;
  /** ISO 8601; absent until the job has settled. */
  readonly finishedAt?: string;
  readonly resultExpiresAt?: EpochSeconds;
}

/**
 * A result that is shown for less than this long after an audit began is not compared: it may leave while the audit is under way, which
 * takes minutes.
 */
const SHORTEST_STAY_SECONDS = 3_600;

/**
 * Tells whether a job's large result is to be there from the beginning of an audit to its end.
 *
 * A result that has expired may have left by the lifecycle rule of its class, though its record, which was to be kept longer, still
 * points to it.
 */
export function isLasting(job: AuditedJob, startedAt: EpochSeconds): boolean {
  const { payloadKey, finishedAt = '', resultExpiresAt = 0 } = job;
  const finished = fromIso(finishedAt);
  return (
    payloadKey !== undefined &&
    finished !== undefined &&
    finished < startedAt &&
    resultExpiresAt > startedAt + SHORTEST_STAY_SECONDS
  );
}

/**
 * Tells whether both directions must find a job's large result: it is lasting, and the object is this job's alone. One that several jobs
 * share does not say whose it is.
 */
export function isComparable(job: AuditedJob, startedAt: EpochSeconds): boolean {
  return isLasting(job, startedAt) && !isSharedPayload(job.payloadKey ?? '');
}
