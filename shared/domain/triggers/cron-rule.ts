import {
  civilDateOf,
  DAY_SECONDS,
  type DayNumber,
  dayNumberOf,
  type WallSeconds,
} from './civil-date.ts';
import { dayMaskFor } from './cron-days.ts';
import type { WallRule } from './next-instant.ts';
import type { CronFields, YearRange } from './trigger.ts';

/** For each number, itself or the next larger one that matches; -1 where there is none. */
type NextTable = Int16Array;

const MINUTES_PER_DAY = 1440;

/**
 * Makes the rule of a cron trigger: tables for the time of day, and a bit mask of the days of each kind of month.
 *
 * The search for a day goes from one matching month to the next. What never matches is found out at year 9999, after
 * at most some 96,000 masks, which are kept: milliseconds.
 */
export function cronRule(fields: CronFields): WallRule {
  const { nextDay } = daySearch(fields);
  const time = timeOfDaySearch(fields);

  function firstFrom(day: DayNumber): WallSeconds | undefined {
    const matching = nextDay(day);
    return matching === undefined ? undefined : matching * DAY_SECONDS + time.first;
  }

  return {
    next(wall) {
      const today = Math.floor(wall / DAY_SECONDS);
      const day = nextDay(today);
      if (day === undefined) return undefined;
      if (day !== today) return day * DAY_SECONDS + time.first;
      const later = time.next(wall - today * DAY_SECONDS);
      return later === undefined ? firstFrom(today + 1) : today * DAY_SECONDS + later;
    },
  };
}

/** Finds the first year, at or after a given one, that one of the ranges holds. */
function nextYear(ranges: readonly YearRange[], from: number): number | undefined {
  let nearest: number | undefined;
  for (const { first, last, step } of ranges) {
    const year = from <= first ? first : first + Math.ceil((from - first) / step) * step;
    if (year <= last && (nearest === undefined || year < nearest)) nearest = year;
  }
  return nearest;
}

/** Months are counted through from year 0 here, so that the month after December is the next number. */
function daySearch({ years, months, days }: CronFields): {
  nextDay(from: DayNumber): DayNumber | undefined;
} {
  const nextMonthOfYear = nextTable(13, (month) => months.includes(month));
  const maskOf = dayMaskFor(days);

  function nextMonth(from: number): number | undefined {
    const year = Math.floor(from / 12);
    const matching = nextYear(years, year);
    if (matching === undefined) return undefined;
    const month = at(nextMonthOfYear, matching === year ? (from % 12) + 1 : 1);
    if (month !== -1) return matching * 12 + month - 1;
    const later = nextYear(years, matching + 1);
    return later === undefined ? undefined : later * 12 + at(nextMonthOfYear, 1) - 1;
  }

  return {
    nextDay(from) {
      const { year, month, day } = civilDateOf(from);
      const current = year * 12 + month - 1;
      let candidate = nextMonth(current);
      while (candidate !== undefined) {
        const [candidateYear, candidateMonth] = [Math.floor(candidate / 12), (candidate % 12) + 1];
        const start = dayNumberOf(candidateYear, candidateMonth, 1);
        const left =
          maskOf(candidateYear, candidateMonth, start) & (-1 << (candidate === current ? day : 1));
        if (left !== 0) return start + 30 - Math.clz32(left & -left);
        candidate = nextMonth(candidate + 1);
      }
      return undefined;
    },
  };
}

function timeOfDaySearch({ hours, minutes, seconds }: CronFields): {
  readonly first: number;
  next(secondOfDay: number): number | undefined;
} {
  const nextMinute = nextTable(
    MINUTES_PER_DAY,
    (minute) => hours.includes(Math.floor(minute / 60)) && minutes.includes(minute % 60),
  );
  const nextSecond = nextTable(60, (second) => seconds.includes(second));
  const firstSecond = at(nextSecond, 0);

  return {
    first: at(nextMinute, 0) * 60 + firstSecond,
    next(secondOfDay) {
      const minute = Math.floor(secondOfDay / 60);
      if (at(nextMinute, minute) === minute) {
        const second = at(nextSecond, secondOfDay % 60);
        if (second !== -1) return minute * 60 + second;
      }
      const later = at(nextMinute, minute + 1);
      return later === -1 ? undefined : later * 60 + firstSecond;
    },
  };
}

function nextTable(length: number, matches: (value: number) => boolean): NextTable {
  const table = new Int16Array(length + 1).fill(-1);
  for (let value = length - 1; value >= 0; value -= 1)
    table[value] = matches(value) ? value : at(table, value + 1);
  return table;
}

function at(table: NextTable, index: number): number {
  return table[index] ?? -1;
}
