import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import type { SweepView } from '#shared/domain/job/decide-overdue.ts';
import { PAUSED } from '#shared/domain/job/decide-skip.ts';
import { FOREIGN_LEASE_SECONDS } from '#shared/domain/job/foreign-lease.ts';
import { jitterSeconds } from '#shared/domain/job/jitter.ts';
import type { JobError } from '#shared/domain/job/job.ts';
import { deliverByOf, type Start } from '#shared/domain/job/start.ts';
import { START_LOST } from '#shared/domain/job/start-lost.ts';
import { surelyKeptUntil } from '#shared/domain/job/surely-kept-until.ts';
import { startOf } from '#shared/domain/schedule/due-starts.ts';
import { isLeftOut } from '#shared/domain/schedule/pause.ts';
import type { StoredSchedule } from '#shared/domain/schedule/schedule.ts';
import { STANDS_STILL_AFTER_SECONDS } from '#shared/domain/schedule/stands-still.ts';

/** What is to become of a fire time whose job has no row. */
export type Gap =
  /** Nothing any more: its row may have come and gone. */
  | { readonly kind: 'rest' }
  /** Nothing yet. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'start'; readonly start: Start }
  | {
      readonly kind: 'settle';
      readonly start: Start;
      readonly end: { readonly outcome: 'missed' | 'skipped'; readonly error: JobError };
    };

/**
 * Decides what becomes of a fire time that has passed without a row.
 *
 *    due      + 300 s        deliverBy      + 300 s            surelyKeptUntil
 *     │── others' ──│── started ──│── letters' ──│── settled unrun ──│── left as it is
 *
 * One that a pause leaves out is never started from here, as `resume` alone says whether it is caught up with. One of an adopted task is
 * not either: while its function runs there is no row, so nothing is known until the last run that could still end has ended.
 *
 * @param fireTime - One that the schedule's present trigger has, and that is not left to its plan.
 */
export function decideGap(
  { definition, state }: StoredSchedule,
  fireTime: EpochSeconds,
  { now, isAdopted }: SweepView,
): Gap {
  const start = startOf(definition, toIso(fireTime));
  const deliverBy = deliverByOf(start);
  const isForeign = isAdopted(definition.task);
  const isPassedOver = isLeftOut(state, fireTime);
  const late = now - STANDS_STILL_AFTER_SECONDS;
  if (now >= surelyKeptUntil(start)) return { kind: 'rest' };
  if (late > deliverBy + (isForeign ? FOREIGN_LEASE_SECONDS : 0))
    return {
      kind: 'settle',
      start,
      end: isPassedOver
        ? { outcome: 'skipped', error: PAUSED }
        : { outcome: 'missed', error: reasonOf(state, fireTime) },
    };
  const isDue = now <= deliverBy && late >= fireTime + jitterSeconds(start);
  return isDue && !isForeign && !isPassedOver ? { kind: 'start', start } : { kind: 'wait' };
}

/** What EventBridge says of a schedule may be longer than the error of a job. */
const LONGEST_REASON_CHARACTERS = 256;

function reasonOf(
  { sync: { state, error, at }, plan }: StoredSchedule['state'],
  fireTime: EpochSeconds,
): JobError {
  if (state === 'failed' && error) {
    const reason = `${error.code}: ${error.message}`.slice(0, LONGEST_REASON_CHARACTERS);
    return {
      name: 'ScheduleRefused',
      message: `EventBridge had refused the schedule, and nobody started the job. ${reason}`,
    };
  }
  // Of a planned schedule EventBridge is told anew with each fire time.
  const isFollowed = plan !== undefined || (state !== 'pending' && at < fireTime);
  return isFollowed ? START_LOST : NOT_FOLLOWED;
}

const NOT_FOLLOWED: JobError = {
  name: 'ScheduleNotFollowed',
  message:
    'EventBridge did not have the schedule as it was at this fire time, and nobody started the job.',
};
