import { type EpochSeconds, fromIso } from '#shared/domain/epoch-seconds.ts';
import { LEASE_GRACE_SECONDS } from '#shared/domain/job/decide-claim.ts';
import type { DeadLetter } from '#shared/domain/job/decide-undelivered.ts';
import { FOREIGN_LEASE_SECONDS } from '#shared/domain/job/foreign-lease.ts';
import type { Job, JobError } from '#shared/domain/job/job.ts';
import { fireTimeOf } from '#shared/domain/job/job-key.ts';
import { type OpenJob, restartOf } from '#shared/domain/job/open-job.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import type { Start } from '#shared/domain/job/start.ts';
import { START_LOST } from '#shared/domain/job/start-lost.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import { STANDS_STILL_AFTER_SECONDS } from '#shared/domain/schedule/stands-still.ts';

/** What is to become of a job that has not settled. */
export type Overdue =
  /** It moves, or may yet. */
  | { readonly kind: 'wait' }
  /** The start that it waits for has been lost. */
  | { readonly kind: 'send'; readonly start: Start }
  /** Its attempt is dead, and its letter has been lost: it is decided as by that letter. */
  | { readonly kind: 'take-up'; readonly letter: DeadLetter }
  /** No start will begin it any more. A job that waits for a retry ends as its last attempt did, any other by `end`. */
  | { readonly kind: 'give-up'; readonly start: Start; readonly end: UnrunReason };

interface UnrunReason {
  readonly outcome: Outcome;
  readonly error: JobError;
}

/** When it is asked, and which tasks are adopted: their functions claim nothing, so while one runs its job has no row, or a queued one. */
export interface SweepView {
  readonly now: EpochSeconds;
  readonly isAdopted: (taskId: string) => boolean;
}

/**
 * Decides what becomes of a job that has not settled.
 *
 *    running:           leaseUntil + grace     + 300 s
 *                              │── its letter's ──│── taken up
 *    queued, retrying:  due                    + 300 s              deliverBy     + 300 s
 *                        │── its start's own ─────│── the start again ──│── its own ──│── given up
 *
 * Whoever else is to see to it has five minutes first, as a step too many is harmless but not free. The start of an adopted task is
 * not sent again, as nothing tells whether its function runs already.
 *
 * @param definition - The job's schedule as it is now, where there is one.
 */
export function decideOverdue(
  open: OpenJob,
  definition: ScheduleDefinition | undefined,
  { now, isAdopted }: SweepView,
): Overdue {
  const { job } = open;
  const isForeign = isAdopted(job.task);
  const late = now - STANDS_STILL_AFTER_SECONDS;
  const { start, isOwn } = restartOf(open, definition);
  if (job.state === 'running') {
    if (late < (job.leaseUntil ?? 0) + LEASE_GRACE_SECONDS) return { kind: 'wait' };
    return { kind: 'take-up', letter: leaseEnded({ ...start, attempt: job.attempt }) };
  }
  const dueAt = dueAtOf(job);
  if (late > Math.max(job.deliverBy, dueAt) + (isForeign ? FOREIGN_LEASE_SECONDS : 0))
    return { kind: 'give-up', start, end: { outcome: 'missed', error: START_LOST } };
  const isDue = !isForeign && now <= job.deliverBy && late >= dueAt;
  return isDue && isOwn ? { kind: 'send', start } : { kind: 'wait' };
}

function dueAtOf({ key, lookAgainAt, retryAt }: Job): EpochSeconds {
  return lookAgainAt ?? fromIso(retryAt ?? '') ?? fireTimeOf(key);
}

function leaseEnded(start: Start): DeadLetter {
  return {
    start,
    kind: 'crashed',
    code: 'LeaseEnded',
    message: 'The attempt did not end within its lease, and nothing was reported of it.',
    isPermanent: false,
  };
}
