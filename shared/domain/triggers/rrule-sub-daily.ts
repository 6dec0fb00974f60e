import {
  DAY_SECONDS,
  type DayNumber,
  dayNumberOf,
  LAST_YEAR,
  type WallSeconds,
} from './civil-date.ts';
import type { WallRule } from './next-instant.ts';
import { firstFrom, placesOf } from './rrule-day-periods.ts';
import { dayTestFor } from './rrule-days.ts';
import type { RecurrenceRule } from './trigger.ts';

const UNIT_SECONDS = { HOURLY: 3_600, MINUTELY: 60, SECONDLY: 1 } as const;

/** The calendar repeats after 400 years: a day that has not come by then never does. */
const DAYS_IN_CYCLE = 146_097;

/** So many leaps without a match mean that the interval and the days have not met for lifetimes. */
const MOST_LEAPS = 100_000;

const LAST_WALL = dayNumberOf(LAST_YEAR + 1, 1, 1) * DAY_SECONDS - 1;

/**
 * Makes the rule of an RRULE whose periods are hours, minutes or seconds; its parts are filled in.
 *
 * A time must be one of the day's times, lie on a day that the rule lets through, and in a period whose number is a
 * multiple of the interval. The search leaps to the next that meets one of these, until all are met.
 */
export function subDailyRule(rule: RecurrenceRule): WallRule {
  const unit = UNIT_SECONDS[rule.freq as keyof typeof UNIT_SECONDS];
  const startUnit = Math.floor(rule.start / unit);
  const times = reachableTimes(rule, unit, startUnit);
  const nextDay = daySearch(dayTestFor(rule));

  return {
    next(from) {
      let wall = Math.max(from, rule.start);
      for (let leaps = 0; leaps < MOST_LEAPS && wall <= LAST_WALL; leaps += 1) {
        const candidate = nextTime(wall, { times, nextDay });
        if (candidate === undefined) return undefined;
        const past = (Math.floor(candidate / unit) - startUnit) % rule.interval;
        if (past === 0) return candidate;
        wall = (Math.floor(candidate / unit) + rule.interval - past) * unit;
      }
      return undefined;
    },
  };
}

function nextTime(
  wall: WallSeconds,
  on: { times: readonly number[]; nextDay(from: DayNumber): DayNumber | undefined },
): WallSeconds | undefined {
  const today = Math.floor(wall / DAY_SECONDS);
  const day = on.nextDay(today);
  if (day === undefined) return undefined;
  const later = day === today ? firstFrom(on.times, wall - today * DAY_SECONDS) : on.times[0];
  if (later !== undefined) return day * DAY_SECONDS + later;
  const otherDay = on.nextDay(today + 1);
  const first = on.times[0];
  return otherDay === undefined || first === undefined ? undefined : otherDay * DAY_SECONDS + first;
}

/**
 * The times of day that the parts let through, less those that the interval never meets: from day to day its place
 * moves by the day's number of periods, so that it meets what differs by a multiple of their common divisor.
 */
function reachableTimes(rule: RecurrenceRule, unit: number, startUnit: number): readonly number[] {
  const divisor = greatestCommonDivisor(rule.interval, DAY_SECONDS / unit);
  const offsets = offsetsIn(rule);
  const times: number[] = [];
  for (let start = 0; start < DAY_SECONDS; start += unit) {
    if ((start / unit - startUnit) % divisor !== 0 || !isPeriodAllowed(rule, start)) continue;
    for (const offset of offsets) times.push(start + offset);
  }
  return times;
}

function isPeriodAllowed(
  { freq, byHour, byMinute, bySecond }: RecurrenceRule,
  start: number,
): boolean {
  const allows = (allowed: readonly number[], value: number) =>
    allowed.length === 0 || allowed.includes(value);
  if (!allows(byHour, Math.floor(start / 3600))) return false;
  if (freq === 'HOURLY') return true;
  if (!allows(byMinute, Math.floor(start / 60) % 60)) return false;
  return freq === 'MINUTELY' || allows(bySecond, start % 60);
}

function offsetsIn({ freq, byMinute, bySecond, bySetPos }: RecurrenceRule): readonly number[] {
  const offsets =
    freq === 'SECONDLY'
      ? [0]
      : freq === 'MINUTELY'
        ? bySecond
        : byMinute.flatMap((minute) => bySecond.map((second) => minute * 60 + second));
  if (bySetPos.length === 0) return offsets;
  return placesOf(bySetPos, offsets.length).map((place) => offsets[place] ?? 0);
}

function daySearch(isDay: (day: DayNumber) => boolean): (from: DayNumber) => DayNumber | undefined {
  let kept: { readonly from: DayNumber; readonly found: DayNumber } | undefined;
  return (from) => {
    if (kept && from >= kept.from && from <= kept.found) return kept.found;
    for (let day = from; day <= from + DAYS_IN_CYCLE; day += 1)
      if (isDay(day)) {
        kept = { from, found: day };
        return day;
      }
    return undefined;
  };
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}
