import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { DAY_SECONDS } from '#shared/domain/triggers/civil-date.ts';

/** Names the day in UTC in which an instant lies: `2026-11-23`. */
export function dayOf(instant: EpochSeconds): string {
  return toIso(instant).slice(0, 'YYYY-MM-DD'.length);
}

/** Finds the first second of the day in UTC in which an instant lies. */
export function dayStart(instant: EpochSeconds): EpochSeconds {
  return instant - (instant % DAY_SECONDS);
}

/** Finds the last second of that day. */
export function dayEnd(instant: EpochSeconds): EpochSeconds {
  return dayStart(instant) + DAY_SECONDS - 1;
}
