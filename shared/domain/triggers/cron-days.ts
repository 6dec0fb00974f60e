import { type DayNumber, daysInMonth, isLeapYear, isoWeekOf, weekdayOf } from './civil-date.ts';
import type { CronDays, DaysOfMonth } from './trigger.ts';

/** A month as far as its days are concerned. */
interface Month {
  readonly start: DayNumber;
  /** The weekday of the 1st: 0 for Sunday to 6 for Saturday. */
  readonly firstWeekday: number;
  /** 28 to 31. */
  readonly length: number;
}

/** Bit 1 is set if the 1st of the month matches, bit 31 if the 31st does. */
type DayMask = number;

/**
 * Makes a function that tells which days of a month match.
 *
 * Months of one name, first weekday and leap year have the same days, and, if the year before is of one kind too, the
 * same ISO weeks; each of these kinds of month is worked out once.
 */
export function dayMaskFor(
  days: CronDays,
): (year: number, month: number, start: DayNumber) => DayMask {
  const kept = new Map<number, DayMask>();
  return (year, month, start) => {
    const firstWeekday = weekdayOf(start);
    const leap = (isLeapYear(year) ? 1 : 0) + (isLeapYear(year - 1) ? 2 : 0);
    const kind = (month * 7 + firstWeekday) * 4 + leap;
    const known = kept.get(kind);
    if (known !== undefined) return known;
    const mask = daysOf({ start, firstWeekday, length: daysInMonth(year, month) }, days);
    kept.set(kind, mask);
    return mask;
  };
}

function daysOf(month: Month, { ofMonth, ofWeek, weeks, match }: CronDays): DayMask {
  const all = (-1 >>> (31 - month.length)) & ~1;
  const inMonth = ofMonth ? daysPicked(month, ofMonth) & all : all;
  const inWeek = ofWeek ? daysOfWeek(month, ofWeek) : all;
  const inWeeks = weeks ? daysInWeeks(month, weeks) : all;
  const days = match === 'either' && ofMonth && ofWeek ? inMonth | inWeek : inMonth & inWeek;
  return days & inWeeks;
}

function daysOfWeek(month: Month, weekdays: readonly number[]): DayMask {
  return maskWhere(month, (day) => weekdays.includes(weekdayOn(month, day)));
}

function daysInWeeks(month: Month, weeks: readonly number[]): DayMask {
  return maskWhere(month, (day) => weeks.includes(isoWeekOf(month.start + day - 1)));
}

function daysPicked(month: Month, days: DaysOfMonth): DayMask {
  const picked = [...days.dates];
  if (days.last) picked.push(month.length);
  if (days.lastWeekday) picked.push(nearestWeekday(month, month.length));
  for (const date of days.nearestWeekdayTo)
    if (date <= month.length) picked.push(nearestWeekday(month, date));
  for (const { weekday, nth } of days.nth) picked.push(nthWeekday(month, weekday, nth));
  return picked.reduce((mask, day) => (day <= month.length ? mask | (1 << day) : mask), 0);
}

/** Saturday goes to Friday and Sunday to Monday, except where that would leave the month. */
function nearestWeekday(month: Month, date: number): number {
  const weekday = weekdayOn(month, date);
  if (weekday === 6) return date === 1 ? 3 : date - 1;
  if (weekday === 0) return date === month.length ? date - 2 : date + 1;
  return date;
}

/** A fifth weekday that the month does not have lies beyond its end. */
function nthWeekday(month: Month, weekday: number, nth: number): number {
  const first = 1 + ((weekday - month.firstWeekday + 7) % 7);
  if (nth > 0) return first + (nth - 1) * 7;
  return first + Math.floor((month.length - first) / 7) * 7;
}

function weekdayOn(month: Month, day: number): number {
  return (month.firstWeekday + day - 1) % 7;
}

function maskWhere(month: Month, matches: (day: number) => boolean): DayMask {
  let mask = 0;
  for (let day = 1; day <= month.length; day += 1) if (matches(day)) mask |= 1 << day;
  return mask;
}
