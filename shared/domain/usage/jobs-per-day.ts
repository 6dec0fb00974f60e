import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { DAY_SECONDS } from '#shared/domain/triggers/civil-date.ts';
import { MaxIterationsReached } from '#shared/domain/triggers/combined-rule.ts';
import { fireTimes } from '#shared/domain/triggers/fire-times.ts';
import type { Trigger } from '#shared/domain/triggers/trigger.ts';

/** As far ahead as is looked, so that what fires once a month or a year is counted. */
const LOOKED_AHEAD_SECONDS = 365 * DAY_SECONDS;

/** So many fire times say it well enough: a week of every minute. */
const MOST_FIRE_TIMES = 10_080;

/**
 * Counts how often a trigger fires in a day, on average over the year to come.
 *
 * @param most - The schedule ends with so many jobs.
 */
export function jobsPerDay(
  trigger: Trigger,
  now: EpochSeconds,
  most = Number.POSITIVE_INFINITY,
): number {
  let count = 0;
  try {
    for (const fireTime of fireTimes(trigger, now + 1, now + LOOKED_AHEAD_SECONDS)) {
      count += 1;
      if (count >= most) break;
      if (count === MOST_FIRE_TIMES) return (count * DAY_SECONDS) / (fireTime - now);
    }
  } catch (error) {
    // What is too hard to find does not fire either.
    if (!(error instanceof MaxIterationsReached)) throw error;
  }
  return (count * DAY_SECONDS) / LOOKED_AHEAD_SECONDS;
}
