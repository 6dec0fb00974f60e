import { LAST_YEAR } from './civil-date.ts';
import {
  type FieldShape,
  HOUR,
  MINUTE,
  MONTH,
  type ReportField,
  readRanges,
  readValues,
  valuesOf,
  WEEKDAY_NAMES,
} from './cron-field.ts';
import type { CronDays, CronFields } from './trigger.ts';

const DAY: FieldShape = { name: 'day-of-month', first: 1, last: 31 };
const WEEKDAY: FieldShape = {
  name: 'day-of-week',
  first: 0,
  last: 7,
  names: WEEKDAY_NAMES,
  namesFrom: 0,
  cycle: 7,
  star: [0, 6],
};

/** Every year that a trigger without years reaches. */
const ALL_YEARS = [{ first: 1970, last: LAST_YEAR, step: 1 }];

const MACROS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/**
 * Reads a crontab line of five fields, or one of the macros from `@yearly` to `@hourly`.
 *
 * With `either`, days are those of crontab(5): if neither day field holds a `*`, one that matches suffices. With `both`
 * the line means what it means to APScheduler: both must match, and a step over all weekdays counts from Monday.
 *
 * @returns `undefined` after at least one report.
 * @see https://man7.org/linux/man-pages/man5/crontab.5.html
 */
export function readCrontab(
  expression: string,
  match: CronDays['match'],
  report: ReportField,
): CronFields | undefined {
  const line = expression.startsWith('@') ? MACROS[expression.toLowerCase()] : expression;
  if (line === undefined) {
    const known = Object.keys(MACROS).join(', ');
    report(0, `Expected a macro to be one of ${known}, got \`${expression}\``);
    return undefined;
  }
  const parts = line.trim().split(/\s+/);
  if (parts.length !== 5) {
    report(0, `Expected five fields (minute hour day month weekday), got ${parts.length}`);
    return undefined;
  }
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = parts;
  const minutes = readValues(minute, MINUTE, (detail) => report(1, detail));
  const hours = readValues(hour, HOUR, (detail) => report(2, detail));
  const dates = readValues(day, DAY, (detail) => report(3, detail));
  const months = readValues(month, MONTH, (detail) => report(4, detail));
  const ofWeek = readWeekdays(weekday, match, (detail) => report(5, detail));
  if (!minutes || !hours || !dates || !months || !ofWeek) return undefined;
  const isEither = match === 'either' && !day.includes('*') && !weekday.includes('*');
  const days: CronDays = {
    ...(dates.length === DAY.last ? {} : { ofMonth: { ...NO_DAYS, dates } }),
    ...(ofWeek.length === WEEKDAY_NAMES.length ? {} : { ofWeek }),
    match: isEither ? 'either' : 'both',
  };
  return {
    seconds: [0],
    minutes,
    hours,
    months,
    years: ALL_YEARS,
    days: isEither ? loosened(days) : days,
  };
}

/** A day-of-month field without any day in it. */
export const NO_DAYS = {
  dates: [],
  last: false,
  nearestWeekdayTo: [],
  lastWeekday: false,
  nth: [],
};

/**
 * Reads weekdays as cron and APScheduler number them: 0 and 7 are Sunday.
 *
 * @param match - With `both`, `*` runs from Monday to Sunday, which decides what a step meets.
 */
export function readWeekdays(
  text: string,
  match: CronDays['match'],
  report: (detail: string) => void,
): readonly number[] | undefined {
  const shape: FieldShape = match === 'both' ? { ...WEEKDAY, star: [1, 7] } : WEEKDAY;
  const ranges = readRanges(text, shape, report);
  if (!ranges) return undefined;
  const weekdays = valuesOf(ranges).map((value) => value % 7);
  return [...new Set(weekdays)].sort((one, other) => one - other);
}

/** Where either day field suffices, one that holds every day leaves no limit. */
function loosened(days: CronDays): CronDays {
  return days.ofMonth && days.ofWeek ? days : { match: 'both' };
}
