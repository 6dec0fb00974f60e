import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { jitterSeconds } from '#shared/domain/job/jitter.ts';
import type { JobError } from '#shared/domain/job/job.ts';
import { fireTimeOf } from '#shared/domain/job/job-key.ts';
import { LONGEST_LEASE_SECONDS } from '#shared/domain/job/lease.ts';
import { DEFAULT_CATCH_UP_WINDOW_SECONDS, type StartPolicy } from '#shared/domain/job/policy.ts';
import { deliverByOf, keyOfStart, type Start } from '#shared/domain/job/start.ts';

/**
 * A start this long after its fire time, or longer, may be a leftover of a schedule that has been deleted or paused since. The
 * starts queue's own starts for near fire times are due at just this instant.
 */
export const LATE_AFTER_SECONDS = 90;

/** A row is taken to be gone this long before its expiry, in case clocks differ. */
export const CLOCK_MARGIN_SECONDS = 60;

/** What a start may do, by the time alone. */
export type Admission =
  /** Its jitter is not over. */
  | { readonly kind: 'early'; readonly until: EpochSeconds }
  | { readonly kind: 'begin' }
  /** Ask first whether the schedule still wants to be fired. */
  | { readonly kind: 'begin-if-wanted' }
  /** Too late to run; the row that refuses duplicates would surely be there. The error says how late. */
  | { readonly kind: 'missed'; readonly error: JobError }
  /** So late that the job's row may have come and gone: nothing may be written. */
  | { readonly kind: 'dropped' };

/**
 * Decides what becomes of a start as it arrives.
 *
 *     fireTime     + 90 s            deliverBy            + lease - margin
 *        |── begin ──|── begin-if-wanted ──|──── missed ────|── dropped
 *        |── early ──|── missed later than misfireGraceTime after it, where a regular first attempt has these
 *
 * Only a schedule's regular first attempt is asked about: later attempts have been admitted by the first, and manual and direct
 * jobs are wanted whatever became of a schedule since; so is a start with a `deliverBy` of its own, which someone asked for.
 */
export function decideAdmission(start: Start, now: EpochSeconds): Admission {
  const fireTime = fireTimeOf(keyOfStart(start));
  const dueAt = fireTime + jitterSeconds(start);
  if (now < dueAt) return { kind: 'early', until: dueAt };
  const beginBy = beginByOf(start);
  if (now > beginBy)
    return isBeyondDoubt(start, now)
      ? { kind: 'missed', error: missed(now - fireTime, beginBy - fireTime) }
      : { kind: 'dropped' };
  const isLate = now >= fireTime + LATE_AFTER_SECONDS;
  return isLate && isRegularFirst(start) ? { kind: 'begin-if-wanted' } : { kind: 'begin' };
}

/** Finds the last instant at which a start may begin its job: later it is `missed`. */
export function beginByOf(start: Start): EpochSeconds {
  const dueAt = fireTimeOf(keyOfStart(start)) + jitterSeconds(start);
  const grace = isRegularFirst(start) ? start.policy.misfireGraceTime : undefined;
  return Math.min(deliverByOf(start), dueAt + (grace ?? Number.POSITIVE_INFINITY));
}

function isRegularFirst({ fireTime, attempt, deliverBy }: Start): boolean {
  return !fireTime.includes('~') && attempt === 1 && deliverBy === undefined;
}

function missed(lateSeconds: number, allowedSeconds: number): JobError {
  return {
    name: 'Missed',
    message: `The start came ${lateSeconds} s after the fire time, and the job may be begun for ${allowedSeconds} s.`,
  };
}

/** Tells whether it is still certain that a job without a row has never had one: a row outlives this instant. */
export function isBeyondDoubt(start: Start, now: EpochSeconds): boolean {
  return now < deliverByOf(start) + LONGEST_LEASE_SECONDS - CLOCK_MARGIN_SECONDS;
}

/** Finds the oldest fire time of a schedule for whose start {@link isBeyondDoubt} still holds. */
export function oldestBeyondDoubt(
  { catchUpWindow = DEFAULT_CATCH_UP_WINDOW_SECONDS }: StartPolicy,
  now: EpochSeconds,
): EpochSeconds {
  return now - catchUpWindow - LONGEST_LEASE_SECONDS + CLOCK_MARGIN_SECONDS + 1;
}
