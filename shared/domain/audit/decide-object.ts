import type { AuditedJob } from '#shared/domain/audit/audited-job.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { FOREIGN_LEASE_SECONDS } from '#shared/domain/job/foreign-lease.ts';
import { fireTimeOf, type JobKey } from '#shared/domain/job/job-key.ts';
import { LONGEST_CATCH_UP_WINDOW_SECONDS } from '#shared/domain/job/policy.ts';

/** An object as a list of the bucket tells it. */
export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  readonly modifiedAt: EpochSeconds;
}

/** An object, the job that its key names, and how that job's row stands; no row where it has expired. */
export interface ObjectCase {
  readonly object: ListedObject;
  readonly job: JobKey;
  readonly row: AuditedJob | undefined;
  readonly now: EpochSeconds;
}

/**
 * For so long after its fire time, and after its object was written, something may still be about to settle a job: the last start that
 * could come, and the longest run of it.
 */
export const UNDER_WAY_SECONDS = LONGEST_CATCH_UP_WINDOW_SECONDS + FOREIGN_LEASE_SECONDS;

/** What a result's object is: pointed to by its row; perhaps about to be; or nobody's, for good. */
export type ObjectKind = 'referenced' | 'pending' | 'orphan';

/**
 * Decides what an object below `results/` is.
 *
 *     written, fired          + 25 h 16 min
 *        │── pending ────────────│── orphan, where the row has settled without it, or there is none
 *        │── referenced, from the settle that points to it until the row leaves
 *
 * Each object is written under a name of its own, by one attempt or one copy, which points the row to it within minutes or never. So
 * once a row has settled without it, and whoever wrote it is surely gone, nothing will point to it again. A row that has not settled
 * keeps it: its end may lie in `unsettled/` for days.
 */
export function decideObject({ object, job, row, now }: ObjectCase): ObjectKind {
  if (row?.payloadKey === object.key) return 'referenced';
  const isUnfinished = row !== undefined && row.state !== 'settled';
  return isUnfinished || !isOver(object, job, now) ? 'pending' : 'orphan';
}

/** What an end below `unsettled/` is: about to be written to its row; so for longer than it takes; or written, or void. */
export type UnsettledKind = 'waiting' | 'overdue' | 'leftover';

/**
 * Decides what an object below `unsettled/` is. One whose row has settled, or has gone, has nothing left to say.
 *
 * Whoever completes an end deletes the object a moment later, so that a young one is never taken from under its hands.
 */
export function decideUnsettled({ object, job, row, now }: ObjectCase): UnsettledKind {
  if (!isOver(object, job, now)) return 'waiting';
  return row !== undefined && row.state !== 'settled' ? 'overdue' : 'leftover';
}

function isOver({ modifiedAt }: ListedObject, job: JobKey, now: EpochSeconds): boolean {
  return Math.max(modifiedAt, fireTimeOf(job)) + UNDER_WAY_SECONDS < now;
}
