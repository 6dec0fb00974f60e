import { DAY_SECONDS, type DayNumber, readDate } from './civil-date.ts';
import { RECURRENCE_FIELDS, readClockChangePolicy, readRecurrence } from './recurrence.ts';
import { timeZoneOf } from './time-zone.ts';
import type { CalendarIntervalTrigger } from './trigger.ts';
import {
  addExpectation,
  addFault,
  type Reading,
  readInteger,
  refuseOtherFields,
  shown,
} from './trigger-json.ts';

const LENGTHS = { years: 1_000, months: 12_000, weeks: 52_200, days: 365_250 };
const TIMES = { hour: 23, minute: 59, second: 59 };

/** Reads `{kind: 'calendarInterval'}`; without `startDate` it counts from the anchor's date on the zone's calendar. */
export function parseCalendarInterval(reading: Reading): CalendarIntervalTrigger | undefined {
  refuseOtherFields(reading, [
    'kind',
    ...Object.keys(LENGTHS),
    ...Object.keys(TIMES),
    ...['startDate', 'endDate', 'gap', 'fold'],
    ...RECURRENCE_FIELDS,
  ]);
  const recurrence = readRecurrence(reading);
  const policy = readClockChangePolicy(reading);
  const { months, days } = readLength(reading);
  const timeOfDay = readTimeOfDay(reading);
  const givenStart = readDay(reading, 'startDate');
  const endDate = readDay(reading, 'endDate');
  if (!recurrence) return undefined;
  const startDate = givenStart ?? anchorDate(reading, recurrence.timeZone);
  if (endDate !== undefined && endDate < startDate) {
    const detail = `Expected endDate to be no earlier than startDate, got ${shown(reading.json['endDate'])}`;
    addFault(reading, 'endDate', { detail, code: 'trigger.never-fires' });
  }
  const end = endDate === undefined ? {} : { endDate };
  return {
    kind: 'calendarInterval',
    ...recurrence,
    ...policy,
    months,
    days,
    timeOfDay,
    startDate,
    ...end,
  };
}

function readLength(reading: Reading): { readonly months: number; readonly days: number } {
  const [years, months, weeks, days] = Object.entries(LENGTHS).map(([field, last]) =>
    readInteger(reading, field, { first: 0, last, fallback: 0 }),
  );
  const length = {
    months: (years ?? 0) * 12 + (months ?? 0),
    days: (weeks ?? 0) * 7 + (days ?? 0),
  };
  if (length.months + length.days === 0)
    addFault(reading, '', {
      detail: 'Expected years, months, weeks and days to be at least 1 day in all, got 0',
    });
  return length;
}

function readTimeOfDay(reading: Reading): number {
  const [hour, minute, second] = Object.entries(TIMES).map(([field, last]) =>
    readInteger(reading, field, { first: 0, last, fallback: 0 }),
  );
  return (hour ?? 0) * 3600 + (minute ?? 0) * 60 + (second ?? 0);
}

function readDay(reading: Reading, field: string): DayNumber | undefined {
  const value = reading.json[field];
  const day = readDate(value);
  if (value !== undefined && day === undefined)
    addExpectation(reading, field, 'a date that exists, such as 2026-11-23');
  return day;
}

function anchorDate({ context }: Reading, timeZone: string): DayNumber {
  const anchorAt = context.anchorAt ?? 0;
  return Math.floor((anchorAt + timeZoneOf(timeZone).periodAt(anchorAt).offset) / DAY_SECONDS);
}
