import {
  type FieldShape,
  HOUR,
  MINUTE,
  MONTH,
  type Report,
  type ReportField,
  readRanges,
  readValues,
  valuesOf,
  WEEKDAY_NAMES,
} from './cron-field.ts';
import { NO_DAYS } from './crontab.ts';
import type { CronDays, CronFields, DaysOfMonth } from './trigger.ts';

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based */
const DAY: FieldShape = {
  name: 'day-of-month',
  first: 1,
  last: 31,
  others: ', L, LW or 1W to 31W',
};
const WEEKDAY: FieldShape = {
  name: 'day-of-week',
  first: 1,
  last: 7,
  names: WEEKDAY_NAMES,
  namesFrom: 1,
  cycle: 7,
  others: ', L, 1L to 7L or 1#1 to 7#5',
};
const YEAR: FieldShape = { name: 'year', first: 1970, last: 2199 };

const NEAREST = /^(\d{1,2})W$/i;
const NTH = /^([1-7]|[a-z]{3})#([1-5])$/i;
const LAST = /^([1-7]|[a-z]{3})L$/i;

/** Tells EventBridge's own form from a crontab line. */
export function isAwsCron(expression: string): boolean {
  return /^\s*cron\(/i.test(expression);
}

/**
 * Reads EventBridge Scheduler's `cron(minutes hours day-of-month month day-of-week year)`.
 *
 * Beyond what AWS documents it takes `LW` (the month's last weekday), `FRIL` for `6L`, and weekday ranges that go
 * round, as `FRI-MON`; the native expression is written without them.
 *
 * @returns `undefined` after at least one report.
 */
export function readAwsCron(expression: string, report: ReportField): CronFields | undefined {
  const inner = /^cron\((.*)\)$/is.exec(expression.trim())?.[1];
  const parts = inner?.trim().split(/\s+/) ?? [];
  if (inner === undefined || parts.length !== 6) {
    report(0, `Expected six fields in \`cron(…)\`, got ${inner?.trim() ? parts.length : 0}`);
    return undefined;
  }
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = ''] = parts;
  const minutes = readValues(minute, MINUTE, at(1, report));
  const hours = readValues(hour, HOUR, at(2, report));
  const days = readDays(day, weekday, report);
  const months = readValues(month, MONTH, at(4, report));
  const years = readRanges(year, YEAR, at(6, report));
  if (!minutes || !hours || !days || !months || !years) return undefined;
  return { seconds: [0], minutes, hours, months, years, days };
}

function at(position: number, report: ReportField): Report {
  return (detail) => report(position, detail);
}

function readDays(day: string, weekday: string, report: ReportField): CronDays | undefined {
  if ((day === '?') === (weekday === '?')) {
    report(
      5,
      `Expected \`?\` in exactly one of the day-of-month and day-of-week fields, got \`${day}\` and \`${weekday}\``,
    );
    return undefined;
  }
  if (weekday === '?') {
    const ofMonth = readDaysOfMonth(day, at(3, report));
    return ofMonth && { ...(day === '*' ? {} : { ofMonth }), match: 'both' };
  }
  return readDaysOfWeek(weekday, at(5, report));
}

function readDaysOfMonth(text: string, report: Report): DaysOfMonth | undefined {
  const items = text.toUpperCase().split(',');
  const nearest = items.flatMap((item) => NEAREST.exec(item)?.[1] ?? []);
  const plain = items.filter((item) => item !== 'L' && item !== 'LW' && !NEAREST.test(item));
  const dates = plain.length === 0 ? [] : readValues(plain.join(','), DAY, report);
  const nearestWeekdayTo = nearest.length === 0 ? [] : readValues(nearest.join(','), DAY, report);
  if (!dates || !nearestWeekdayTo) return undefined;
  const [last, lastWeekday] = [items.includes('L'), items.includes('LW')];
  return { dates, last, nearestWeekdayTo, lastWeekday, nth: [] };
}

function readDaysOfWeek(text: string, report: Report): CronDays | undefined {
  if (text === '*') return { match: 'both' };
  const [, lastOf] = LAST.exec(text) ?? [];
  if (lastOf !== undefined) return readNth({ text: lastOf, nth: -1 }, report);
  const [, nthOf, nth] = NTH.exec(text) ?? [];
  if (nthOf !== undefined) return readNth({ text: nthOf, nth: Number(nth) }, report);
  const ranges = readRanges(text.replace(/(^|,)L(?=,|$)/gi, '$1SAT'), WEEKDAY, report);
  return ranges && { ofWeek: weekdaysOf(ranges), match: 'both' };
}

function readNth(
  { text, nth }: { readonly text: string; readonly nth: number },
  report: Report,
): CronDays | undefined {
  const weekday = readValues(text, WEEKDAY, report)?.[0];
  if (weekday === undefined) return undefined;
  return { ofMonth: { ...NO_DAYS, nth: [{ weekday: weekday - 1, nth }] }, match: 'both' };
}

/** AWS counts weekdays from 1 for Sunday. */
function weekdaysOf(ranges: Parameters<typeof valuesOf>[0]): readonly number[] {
  const weekdays = valuesOf(ranges).map((value) => (value - 1) % 7);
  return [...new Set(weekdays)].sort((one, other) => one - other);
}
