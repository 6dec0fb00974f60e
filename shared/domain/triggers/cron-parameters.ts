import { LAST_YEAR } from './civil-date.ts';
import {
  type FieldShape,
  HOUR,
  MINUTE,
  MONTH,
  type Report,
  readRanges,
  readValues,
  SECOND,
  WEEKDAY_NAMES,
} from './cron-field.ts';
import { NO_DAYS, readWeekdays } from './crontab.ts';
import type { CronDays, CronFields, DaysOfMonth, NthWeekday } from './trigger.ts';
import { addFault, type Reading, refuseOtherFields, shown } from './trigger-json.ts';

const YEAR: FieldShape = { name: 'year', first: 1970, last: LAST_YEAR };
const WEEK: FieldShape = { name: 'week', first: 1, last: 53 };
const DAY: FieldShape = {
  name: 'day',
  first: 1,
  last: 31,
  others: ', last, or as `2nd tue` or `last fri`',
};

/** From the most to the least significant, as APScheduler's CronTrigger orders them. */
const FIELDS = ['year', 'month', 'day', 'week', 'dayOfWeek', 'hour', 'minute', 'second'] as const;
type Field = (typeof FIELDS)[number];

const MINIMUM: Readonly<Partial<Record<Field, string>>> = {
  month: '1',
  day: '1',
  hour: '0',
  minute: '0',
  second: '0',
};

const LONGEST_FIELD = 256;
const PLACES = ['1st', '2nd', '3rd', '4th', '5th'];
const NTH = /^(1st|2nd|3rd|4th|5th|last)\s+(\S{1,20})$/i;

/**
 * Reads the field form of APScheduler's CronTrigger.
 *
 * Fields that are less significant than the least significant one given are at their minimum, the others are `*`;
 * `week` and `dayOfWeek` are `*` unless given. A day must match every one of `day`, `week` and `dayOfWeek`.
 *
 * @returns `undefined` after at least one fault.
 */
export function readCronParameters(reading: Reading): CronFields | undefined {
  refuseOtherFields(reading, FIELDS);
  const given = FIELDS.map((field) => reading.json[field] !== undefined);
  const leastGiven = given.lastIndexOf(true);
  const textOf = (field: Field): string => {
    const value = reading.json[field];
    if (value !== undefined) return fieldText(reading, field, value);
    return FIELDS.indexOf(field) > leastGiven ? (MINIMUM[field] ?? '*') : '*';
  };
  const report =
    (field: Field): Report =>
    (detail) =>
      addFault(reading, field, { detail });

  const years = readRanges(textOf('year'), YEAR, report('year'));
  const months = readValues(textOf('month'), MONTH, report('month'));
  const days = readDays(textOf, report);
  const hours = readValues(textOf('hour'), HOUR, report('hour'));
  const minutes = readValues(textOf('minute'), MINUTE, report('minute'));
  const seconds = readValues(textOf('second'), SECOND, report('second'));
  if (!years || !months || !days || !hours || !minutes || !seconds) return undefined;
  return { years, months, days, hours, minutes, seconds };
}

/** A value of another type becomes a text that no field takes, and so a fault that shows it. */
function fieldText(reading: Reading, field: Field, value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string' && value.length <= LONGEST_FIELD) return value.trim();
  addFault(reading, field, {
    detail: `Expected the ${field} field to be a number or a text of at most ${LONGEST_FIELD} characters, got ${shown(value)}`,
  });
  return '*';
}

function readDays(
  textOf: (field: Field) => string,
  report: (field: Field) => Report,
): CronDays | undefined {
  const [day, week, weekday] = [textOf('day'), textOf('week'), textOf('dayOfWeek')];
  const ofMonth = readDay(day, report('day'));
  const weeks = readValues(week, WEEK, report('week'));
  const ofWeek = readWeekdays(weekday, 'both', report('dayOfWeek'));
  if (!ofMonth || !weeks || !ofWeek) return undefined;
  return {
    ...(ofMonth.dates.length === DAY.last ? {} : { ofMonth }),
    ...(ofWeek.length === WEEKDAY_NAMES.length ? {} : { ofWeek }),
    ...(weeks.length === WEEK.last ? {} : { weeks }),
    match: 'both',
  };
}

function readDay(text: string, report: Report): DaysOfMonth | undefined {
  const items = text.split(',').map((item) => item.trim().toLowerCase());
  const plain = items.filter((item) => item !== 'last' && !NTH.test(item));
  const dates = plain.length === 0 ? [] : readValues(plain.join(','), DAY, report);
  const nth: NthWeekday[] = [];
  for (const item of items) {
    const [, place, name] = NTH.exec(item) ?? [];
    if (place === undefined || name === undefined) continue;
    const weekday = WEEKDAY_NAMES.indexOf(name);
    if (weekday === -1) {
      report(`Expected the weekday of the day field to be mon to sun, got \`${name}\``);
      return undefined;
    }
    nth.push({ weekday, nth: place === 'last' ? -1 : PLACES.indexOf(place) + 1 });
  }
  return dates && { ...NO_DAYS, dates, last: items.includes('last'), nth };
}
