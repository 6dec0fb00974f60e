import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { DAY_SECONDS } from '#shared/domain/triggers/civil-date.ts';
import { dayOf } from '#shared/domain/utc-day.ts';

/** An average over so many days is how often a schedule runs that another starts. */
const MEASURED_DAYS = 30;

/** Names the days over which it is measured how often a schedule runs: the last thirty, today included. */
export function measuredSpan(now: EpochSeconds): { readonly from: string; readonly to: string } {
  return { from: dayOf(now - (MEASURED_DAYS - 1) * DAY_SECONDS), to: dayOf(now) };
}
