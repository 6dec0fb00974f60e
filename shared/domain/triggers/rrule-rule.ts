import { civilDateOf, DAY_SECONDS, type WallSeconds, weekdayOf } from './civil-date.ts';
import type { WallRule } from './next-instant.ts';
import { dayPeriodRule } from './rrule-day-periods.ts';
import { subDailyRule } from './rrule-sub-daily.ts';
import type { RecurrenceRule } from './trigger.ts';

/** COUNT asks for the whole rule to be gone through once, up to its last time. */
export const MOST_COUNTED = 10_000;

/**
 * Makes the rule of an RRULE, on a wall clock without zones; gaps and folds are the caller's.
 *
 * What the rule does not say is taken from its start, which itself fires only if it matches.
 */
export function rruleRule(given: RecurrenceRule): WallRule {
  const rule = filledIn(given);
  const isSubDaily = rule.freq === 'HOURLY' || rule.freq === 'MINUTELY' || rule.freq === 'SECONDLY';
  const endless = isSubDaily ? subDailyRule(rule) : dayPeriodRule(rule);
  const until = Math.min(rule.until ?? Number.POSITIVE_INFINITY, lastCounted(endless, rule));
  return {
    next(wall) {
      const found = endless.next(Math.max(wall, rule.start));
      return found !== undefined && found <= until ? found : undefined;
    },
  };
}

function lastCounted(endless: WallRule, { count, start }: RecurrenceRule): WallSeconds {
  if (count === undefined) return Number.POSITIVE_INFINITY;
  let last = start - 1;
  for (let counted = 0; counted < count; counted += 1) {
    const next = endless.next(last + 1);
    if (next === undefined) return last;
    last = next;
  }
  return last;
}

/** RFC 5545: what is not in the rule and is needed to find its times is taken from DTSTART. */
function filledIn(rule: RecurrenceRule): RecurrenceRule {
  const { freq } = rule;
  const secondOfDay = rule.start - Math.floor(rule.start / DAY_SECONDS) * DAY_SECONDS;
  const or = (given: readonly number[], fallback: number, isNeeded: boolean) =>
    given.length === 0 && isNeeded ? [fallback] : given;
  return {
    ...rule,
    ...daysFilledIn(rule),
    bySecond: or(rule.bySecond, secondOfDay % 60, freq !== 'SECONDLY'),
    byMinute: or(
      rule.byMinute,
      Math.floor(secondOfDay / 60) % 60,
      freq !== 'SECONDLY' && freq !== 'MINUTELY',
    ),
    byHour: or(
      rule.byHour,
      Math.floor(secondOfDay / 3600),
      freq !== 'SECONDLY' && freq !== 'MINUTELY' && freq !== 'HOURLY',
    ),
  };
}

function daysFilledIn(rule: RecurrenceRule): Partial<RecurrenceRule> {
  const startDay = Math.floor(rule.start / DAY_SECONDS);
  const { month, day } = civilDateOf(startDay);
  const weekday = { byDay: [{ weekday: weekdayOf(startDay), nth: 0 }] };
  const hasDays = [rule.byDay, rule.byMonthDay, rule.byYearDay].some((part) => part.length > 0);
  if (hasDays) return {};
  if (rule.freq === 'WEEKLY') return weekday;
  if (rule.freq === 'MONTHLY') return { byMonthDay: [day] };
  if (rule.freq !== 'YEARLY') return {};
  if (rule.byWeekNo.length > 0) return weekday;
  return { byMonthDay: [day], ...(rule.byMonth.length === 0 ? { byMonth: [month] } : {}) };
}
