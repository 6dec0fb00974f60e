import {
  civilDateOf,
  DAY_SECONDS,
  type DayNumber,
  dayNumberOf,
  daysInMonth,
  LAST_YEAR,
  type WallSeconds,
} from './civil-date.ts';
import type { WallRule } from './next-instant.ts';
import { dayTestFor, startOfWeek } from './rrule-days.ts';
import type { RecurrenceRule } from './trigger.ts';

/** The years, months, weeks or days of a rule, counted through. */
interface Periods {
  /** The number of the period that a day lies in. */
  indexOf(day: DayNumber): number;
  firstDay(index: number): DayNumber;
  /** How many lie in 400 years, after which the calendar repeats: if none of so many has a time, none ever has. */
  readonly inCycle: number;
}

/** Days from `first` up to, and without, `until`. */
interface Stretch {
  readonly first: DayNumber;
  readonly until: DayNumber;
}

const LAST_DAY = dayNumberOf(LAST_YEAR + 1, 1, 1) - 1;

/** Makes the rule of an RRULE whose periods are days or longer; its parts are filled in. */
export function dayPeriodRule(rule: RecurrenceRule): WallRule {
  const periods = periodsOf(rule);
  const isDay = dayTestFor(rule);
  const times = timesOfDay(rule);
  const startIndex = periods.indexOf(Math.floor(rule.start / DAY_SECONDS));

  function daysIn(index: number): readonly DayNumber[] {
    const days: DayNumber[] = [];
    for (const { first, until } of stretchesOf(rule, periods, index))
      for (let day = first; day < until; day += 1) if (isDay(day)) days.push(day);
    return days;
  }

  return {
    next(from) {
      const wall = Math.max(from, rule.start);
      const wanted = periods.indexOf(Math.floor(wall / DAY_SECONDS)) - startIndex;
      let index = startIndex + Math.ceil(wanted / rule.interval) * rule.interval;
      for (let tried = 0; tried <= periods.inCycle; tried += 1) {
        if (periods.firstDay(index) > LAST_DAY) return undefined;
        const found = firstTime(wall, { days: daysIn(index), times, positions: rule.bySetPos });
        if (found !== undefined) return found;
        index += rule.interval;
      }
      return undefined;
    },
  };
}

/** The times of a period are all its days' times of day, in order; they may be millions, and are never listed. */
function firstTime(
  wall: WallSeconds,
  period: {
    readonly days: readonly DayNumber[];
    readonly times: readonly number[];
    readonly positions: readonly number[];
  },
): WallSeconds | undefined {
  const { days, times, positions } = period;
  if (positions.length > 0) {
    const total = days.length * times.length;
    return placesOf(positions, total)
      .map((place) => {
        const day = days[Math.floor(place / times.length)] ?? 0;
        return day * DAY_SECONDS + (times[place % times.length] ?? 0);
      })
      .find((time) => time >= wall);
  }
  const day = days.find((each) => each * DAY_SECONDS + (times.at(-1) ?? 0) >= wall);
  return day === undefined ? undefined : firstOnDay(wall, day, times);
}

function firstOnDay(
  wall: WallSeconds,
  day: DayNumber,
  times: readonly number[],
): WallSeconds | undefined {
  const time = firstFrom(times, wall - day * DAY_SECONDS);
  return time === undefined ? undefined : day * DAY_SECONDS + time;
}

/** Finds the first of sorted numbers that is no less than another. */
export function firstFrom(sorted: readonly number[], from: number): number | undefined {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? from) < from) low = middle + 1;
    else high = middle;
  }
  return sorted[low];
}

/** Turns BYSETPOS, which counts from 1, or from -1 backwards, into places from 0 among so many, sorted. */
export function placesOf(positions: readonly number[], total: number): readonly number[] {
  const places = positions.map((position) => (position > 0 ? position - 1 : total + position));
  const valid = places.filter((place) => place >= 0 && place < total);
  return [...new Set(valid)].sort((one, other) => one - other);
}

function timesOfDay({ byHour, byMinute, bySecond }: RecurrenceRule): readonly number[] {
  return byHour.flatMap((hour) =>
    byMinute.flatMap((minute) => bySecond.map((second) => hour * 3600 + minute * 60 + second)),
  );
}

/** What may hold a time: the named months of a year, or all of a period. */
function stretchesOf(rule: RecurrenceRule, periods: Periods, index: number): readonly Stretch[] {
  if (rule.freq !== 'YEARLY' || rule.byMonth.length === 0)
    return [{ first: periods.firstDay(index), until: periods.firstDay(index + 1) }];
  return rule.byMonth.map((month) => {
    const first = dayNumberOf(index, month, 1);
    return { first, until: first + daysInMonth(index, month) };
  });
}

function periodsOf({ freq, weekStart }: RecurrenceRule): Periods {
  if (freq === 'YEARLY')
    return {
      indexOf: (day) => civilDateOf(day).year,
      firstDay: (year) => dayNumberOf(year, 1, 1),
      inCycle: 400,
    };
  if (freq === 'MONTHLY')
    return {
      indexOf: (day) => civilDateOf(day).year * 12 + civilDateOf(day).month - 1,
      firstDay: (month) => dayNumberOf(Math.floor(month / 12), (month % 12) + 1, 1),
      inCycle: 4_800,
    };
  if (freq === 'DAILY') return { indexOf: (day) => day, firstDay: (day) => day, inCycle: 146_097 };
  const origin = startOfWeek(0, weekStart);
  return {
    indexOf: (day) => Math.floor((day - origin) / 7),
    firstDay: (week) => origin + week * 7,
    inCycle: 20_871,
  };
}
