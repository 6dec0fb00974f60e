import { DAY_SECONDS, dayNumberOf, wallText } from './civil-date.ts';
import { cronRule } from './cron-rule.ts';
import { timeZoneOf } from './time-zone.ts';
import type { CronTrigger } from './trigger.ts';

/** Clock changes before this are over and done with. */
const FIRST_CHANGE = dayNumberOf(2025, 1, 1) * DAY_SECONDS;

/**
 * How far the search looks. Rules about weekdays have shown every case after 40 years, when each of the calendar's 14
 * kinds of year has come round; changes that the tz database lists one by one, as Gaza's, end in 2086.
 */
const SEARCH_SECONDS = 36_525 * DAY_SECONDS;

/**
 * Finds a wall-clock time at which a cron trigger fires and which a clock change leaves out or repeats.
 *
 * @returns As `2026-03-08T02:30:00`; `undefined` if no clock change touches the trigger.
 */
export function findClockChangeFire(trigger: CronTrigger): string | undefined {
  const zone = timeZoneOf(trigger.timeZone);
  const rule = cronRule(trigger.fields);
  const first = Math.max(trigger.startAt ?? FIRST_CHANGE, FIRST_CHANGE);
  const last = Math.min(trigger.endAt ?? Number.POSITIVE_INFINITY, first + SEARCH_SECONDS);
  let period = zone.periodAt(first - DAY_SECONDS);
  while (period.until <= last + DAY_SECONDS) {
    period = zone.periodAt(period.until);
    const wall = rule.next(period.from + Math.min(period.offset, period.offsetBefore));
    if (wall === undefined) return undefined;
    if (wall < period.from + Math.max(period.offset, period.offsetBefore)) return wallText(wall);
    // Until a day before its next match the rule can meet no change.
    period = zone.periodAt(Math.max(period.from, wall - DAY_SECONDS));
  }
  return undefined;
}
