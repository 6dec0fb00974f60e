import { fromIso } from '#shared/domain/epoch-seconds.ts';

/** A day of the proleptic Gregorian calendar, counted from 1970-01-01 as day 0. */
export type DayNumber = number;

/** Seconds on a wall clock: what epoch seconds would be if the clock on the wall showed UTC. */
export type WallSeconds = number;

export interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

export const DAY_SECONDS = 86_400;

/** The last year that triggers reach; ISO 8601 with four digits ends here. */
export const LAST_YEAR = 9999;

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DAYS_BEFORE_MONTH = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const DAYS_PER_ERA = 146_097;
const DAYS_FROM_ERA_TO_EPOCH = 719_468;

/** Counts the days from 1970-01-01 to a date, which must exist. */
export function dayNumberOf(year: number, month: number, day: number): DayNumber {
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const inYear = (DAYS_BEFORE_MONTH[month] ?? 0) + (month > 2 && isLeapYear(year) ? 1 : 0);
  return before * 365 + leapDays + inYear + day - 719_163;
}

/**
 * Finds the date of a day number.
 *
 * @see https://howardhinnant.github.io/date_algorithms.html for the shift of the year to March.
 */
export function civilDateOf(dayNumber: DayNumber): CivilDate {
  const shifted = dayNumber + DAYS_FROM_ERA_TO_EPOCH;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/** Tells the weekday of a day: 0 for Sunday to 6 for Saturday. */
export function weekdayOf(dayNumber: DayNumber): number {
  return (((dayNumber + 4) % 7) + 7) % 7;
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Counts the days of a month: 28 to 31. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Tells the ISO 8601 week that a day lies in, 1 to 53: the week of its Thursday, counted in the Thursday's year. */
export function isoWeekOf(dayNumber: DayNumber): number {
  const thursday = dayNumber - ((weekdayOf(dayNumber) + 6) % 7) + 3;
  const yearStart = dayNumberOf(civilDateOf(thursday).year, 1, 1);
  return Math.floor((thursday - yearStart) / 7) + 1;
}

/** Reads a date such as `2026-12-25`; `undefined` for anything else, and for a date that does not exist. */
export function readDate(text: unknown): DayNumber | undefined {
  if (typeof text !== 'string' || !DATE.test(text)) return undefined;
  const midnight = fromIso(`${text}T00:00:00Z`);
  return midnight === undefined ? undefined : midnight / DAY_SECONDS;
}

/** Writes a wall-clock time without an offset: `2026-03-08T02:30:00`. */
export function wallText(wall: WallSeconds): string {
  return new Date(wall * 1000).toISOString().slice(0, 'YYYY-MM-DDTHH:mm:ss'.length);
}
