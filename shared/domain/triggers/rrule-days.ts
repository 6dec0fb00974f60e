import {
  civilDateOf,
  type DayNumber,
  dayNumberOf,
  daysInMonth,
  isLeapYear,
  weekdayOf,
} from './civil-date.ts';
import type { RecurrenceRule, RuleWeekday } from './trigger.ts';

type DayTest = (day: DayNumber, date: { year: number; month: number; day: number }) => boolean;

/**
 * Makes a function that tells whether the parts of a rule let a day through.
 *
 * Whether a part expands or limits in the table of RFC 5545 comes to the same here: a day is in the set of its period
 * if every part that is there lets it through.
 *
 * @param rule - Its parts filled in from the start where the frequency needs them: see `rruleRule`.
 * @see https://www.rfc-editor.org/rfc/rfc5545#section-3.3.10
 */
export function dayTestFor(rule: RecurrenceRule): (day: DayNumber) => boolean {
  const tests: DayTest[] = [];
  if (rule.byMonth.length > 0) tests.push((_, { month }) => rule.byMonth.includes(month));
  if (rule.byMonthDay.length > 0) tests.push(isMonthDay(rule.byMonthDay));
  if (rule.byYearDay.length > 0) tests.push(isYearDay(rule.byYearDay));
  if (rule.byWeekNo.length > 0) tests.push(isInWeek(rule.byWeekNo, rule.weekStart));
  if (rule.byDay.length > 0) tests.push(isWeekday(rule.byDay, spanOfNth(rule)));
  return (day) => {
    const date = civilDateOf(day);
    return tests.every((test) => test(day, date));
  };
}

function isMonthDay(allowed: readonly number[]): DayTest {
  return (_, { year, month, day }) =>
    allowed.includes(day) || allowed.includes(day - daysInMonth(year, month) - 1);
}

function isYearDay(allowed: readonly number[]): DayTest {
  return (day, { year }) => {
    const yearDay = day - dayNumberOf(year, 1, 1) + 1;
    return allowed.includes(yearDay) || allowed.includes(yearDay - yearLength(year) - 1);
  };
}

/** A week belongs to the year that holds at least four of its days. */
function isInWeek(allowed: readonly number[], weekStart: number): DayTest {
  return (day) => {
    const middle = startOfWeek(day, weekStart) + 3;
    const { year } = civilDateOf(middle);
    const week = Math.floor((middle - dayNumberOf(year, 1, 1)) / 7) + 1;
    const lastMiddle = startOfWeek(dayNumberOf(year, 12, 28), weekStart) + 3;
    const weeks = Math.floor((lastMiddle - dayNumberOf(year, 1, 1)) / 7) + 1;
    return allowed.includes(week) || allowed.includes(week - weeks - 1);
  };
}

/** The first day of the week that a day lies in. */
export function startOfWeek(day: DayNumber, weekStart: number): DayNumber {
  return day - ((weekdayOf(day) - weekStart + 7) % 7);
}

/** `2MO` is the second Monday of the month, or of the year in a yearly rule that names no months. */
function spanOfNth(rule: RecurrenceRule): 'month' | 'year' {
  return rule.freq === 'YEARLY' && rule.byMonth.length === 0 ? 'year' : 'month';
}

function isWeekday(allowed: readonly RuleWeekday[], span: 'month' | 'year'): DayTest {
  return (dayNumber, { year, month, day }) => {
    const weekday = weekdayOf(dayNumber);
    const place = span === 'month' ? day : dayNumber - dayNumberOf(year, 1, 1) + 1;
    const length = span === 'month' ? daysInMonth(year, month) : yearLength(year);
    const fromStart = Math.floor((place - 1) / 7) + 1;
    const fromEnd = -Math.floor((length - place) / 7) - 1;
    return allowed.some(
      (each) =>
        each.weekday === weekday &&
        (each.nth === 0 || each.nth === fromStart || each.nth === fromEnd),
    );
  };
}

function yearLength(year: number): number {
  return isLeapYear(year) ? 366 : 365;
}
