import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { fireTimeOf } from '#shared/domain/job/job-key.ts';
import { LONGEST_LEASE_SECONDS } from '#shared/domain/job/lease.ts';
import { deliverByOf, keyOfStart, type Start } from '#shared/domain/job/start.ts';

/**
 * A start this long after its fire time, or longer, may be a leftover of a schedule that has been deleted or paused since. The
 * starts queue's own starts for near fire times are due at just this instant.
 */
export const LATE_AFTER_SECONDS = 90;

/** A row is taken to be gone this long before its expiry, in case clocks differ. */
const CLOCK_MARGIN_SECONDS = 60;

/** What a start may do, by the time alone. */
export type Admission =
  | { readonly kind: 'begin' }
  /** Ask first whether the schedule still wants to be fired. */
  | { readonly kind: 'begin-if-wanted' }
  /** Too late to run; the row that refuses duplicates would surely be there. */
  | { readonly kind: 'missed' }
  /** So late that the job's row may have come and gone: nothing may be written. */
  | { readonly kind: 'dropped' };

/**
 * Decides what becomes of a start as it arrives.
 *
 *     fireTime     + 90 s            deliverBy            + lease - margin
 *        |── begin ──|── begin-if-wanted ──|──── missed ────|── dropped
 *
 * Only a schedule's regular first attempt is asked about: later attempts have been admitted by the first, and manual and direct
 * jobs are wanted whatever became of a schedule since.
 */
export function decideAdmission(start: Start, now: EpochSeconds): Admission {
  const deliverBy = deliverByOf(start);
  if (now > deliverBy) return isBeyondDoubt(start, now) ? { kind: 'missed' } : { kind: 'dropped' };
  const isLate = now >= fireTimeOf(keyOfStart(start)) + LATE_AFTER_SECONDS;
  const isRegular = !start.fireTime.includes('~');
  return isLate && isRegular && start.attempt === 1
    ? { kind: 'begin-if-wanted' }
    : { kind: 'begin' };
}

/** Tells whether it is still certain that a job without a row has never had one: a row outlives this instant. */
export function isBeyondDoubt(start: Start, now: EpochSeconds): boolean {
  return now < deliverByOf(start) + LONGEST_LEASE_SECONDS - CLOCK_MARGIN_SECONDS;
}
