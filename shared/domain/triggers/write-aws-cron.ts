import { LAST_YEAR } from './civil-date.ts';
import { WEEKDAY_NAMES } from './cron-field.ts';
import type { CronDays, CronTrigger, DaysOfMonth, YearRange } from './trigger.ts';

type Written =
  | { readonly kind: 'expression'; readonly expression: string }
  | { readonly kind: 'inexpressible'; readonly reason: string };

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based */
const AWS_FIRST_YEAR = 1970;
const AWS_LAST_YEAR = 2199;
const LONGEST_EXPRESSION = 256;

/**
 * Writes a cron trigger as one EventBridge `cron(…)` expression, or says why it takes none.
 *
 * A year field without an end ends in 2199 there. What the user wrote in AWS's form stays as it is, but for weekdays,
 * which our reading takes in forms that AWS does not document.
 */
export function writeAwsCron({ source, fields }: CronTrigger): Written {
  if (fields.seconds.length !== 1 || fields.seconds[0] !== 0)
    return inexpressible('EventBridge fires on full minutes only');
  const days = writeDays(fields.days);
  if ('reason' in days) return inexpressible(days.reason);
  const years = writeYears(fields.years);
  if (years === undefined) return inexpressible('EventBridge takes the years 1970 to 2199 only');
  const [minute, hour, day, month, year] =
    source.form === 'aws'
      ? awsParts(source.expression)
      : [
          writeValues(fields.minutes, 0, 59),
          writeValues(fields.hours, 0, 23),
          days.ofMonth,
          writeValues(fields.months, 1, 12),
          years,
        ];
  const expression = `cron(${minute} ${hour} ${day} ${month} ${days.ofWeek} ${year})`;
  return expression.length > LONGEST_EXPRESSION
    ? inexpressible(`EventBridge takes expressions of at most ${LONGEST_EXPRESSION} characters`)
    : { kind: 'expression', expression };
}

/** The parts as written but for the weekdays, which stand fifth. */
function awsParts(expression: string): readonly string[] {
  const inner = expression.slice('cron('.length, -1).trim().toUpperCase();
  return inner.split(' ').filter((_, index) => index !== 4);
}

interface DayParts {
  readonly ofMonth: string;
  readonly ofWeek: string;
}

function writeDays(days: CronDays): DayParts | { readonly reason: string } {
  const { ofMonth, ofWeek, weeks } = days;
  if (weeks) return { reason: 'EventBridge knows no ISO weeks' };
  if (ofMonth && ofWeek) {
    const word = days.match === 'either' ? 'or' : 'and';
    return { reason: `EventBridge cannot join a day of the month ${word} a day of the week` };
  }
  if (ofWeek) return { ofMonth: '?', ofWeek: writeWeekdays(ofWeek) };
  return ofMonth ? writeDaysOfMonth(ofMonth) : { ofMonth: '*', ofWeek: '?' };
}

function writeDaysOfMonth(days: DaysOfMonth): DayParts | { readonly reason: string } {
  if (days.lastWeekday) return { reason: 'EventBridge does not document LW' };
  const plain = [
    ...(days.dates.length > 0 ? [writeValues(days.dates, 1, 31)] : []),
    ...days.nearestWeekdayTo.map((date) => `${date}W`),
    ...(days.last ? ['L'] : []),
  ];
  const [nth, ...others] = days.nth;
  if (!nth) return { ofMonth: plain.join(','), ofWeek: '?' };
  if (others.length > 0 || plain.length > 0)
    return { reason: 'EventBridge takes one weekday of the month, and nothing beside it' };
  const weekday = nth.weekday + 1;
  return { ofMonth: '?', ofWeek: nth.nth === -1 ? `${weekday}L` : `${weekday}#${nth.nth}` };
}

function writeWeekdays(weekdays: readonly number[]): string {
  if (weekdays.length === WEEKDAY_NAMES.length) return '*';
  return runsOf(weekdays)
    .map(({ first, last }) => (first === last ? nameOf(first) : `${nameOf(first)}-${nameOf(last)}`))
    .join(',');
}

function nameOf(weekday: number): string {
  return (WEEKDAY_NAMES[weekday] ?? '').toUpperCase();
}

/** Every value is `*`, equal steps are `0/15` or `9-17/4`, anything else a list of values and ranges. */
function writeValues(values: readonly number[], first: number, last: number): string {
  if (values.length === last - first + 1) return '*';
  const [start = first, second = start] = values;
  const end = values.at(-1) ?? start;
  const step = second - start;
  const isEven = values.every((value, index) => value === start + index * step);
  if (values.length > 2 && step > 1 && isEven)
    return end + step > last ? `${start}/${step}` : `${start}-${end}/${step}`;
  return runsOf(values)
    .map((run) => (run.first === run.last ? `${run.first}` : `${run.first}-${run.last}`))
    .join(',');
}

function runsOf(values: readonly number[]): readonly { first: number; last: number }[] {
  const runs: { first: number; last: number }[] = [];
  for (const value of values) {
    const run = runs.at(-1);
    if (run && value === run.last + 1) run.last = value;
    else runs.push({ first: value, last: value });
  }
  return runs;
}

function writeYears(years: readonly YearRange[]): string | undefined {
  const parts = years.map(writeYearRange);
  return parts.includes(undefined) ? undefined : parts.includes('*') ? '*' : parts.join(',');
}

function writeYearRange({ first, last, step }: YearRange): string | undefined {
  const isOpen = last === LAST_YEAR || last === AWS_LAST_YEAR;
  const end = isOpen ? AWS_LAST_YEAR : last;
  if (first > AWS_LAST_YEAR || end > AWS_LAST_YEAR) return undefined;
  if (first === end) return `${first}`;
  if (step > 1) return isOpen ? `${first}/${step}` : `${first}-${end}/${step}`;
  return isOpen && first === AWS_FIRST_YEAR ? '*' : `${first}-${end}`;
}

function inexpressible(reason: string): Written {
  return { kind: 'inexpressible', reason };
}
