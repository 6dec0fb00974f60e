import { LAST_YEAR } from './civil-date.ts';
import { inWords, ordinal } from './english.ts';
import type { CronDays, CronFields, DaysOfMonth, YearRange } from './trigger.ts';

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const PLACES = ['last', '', 'first', 'second', 'third', 'fourth', 'fifth'];

/** More times of day than this are told by their minutes and hours. */
const MOST_TIMES = 6;

/** Says in English when a cron trigger is due: `At 09:00 on Monday to Friday`. */
export function describeCron(fields: CronFields): string {
  const parts = [describeTime(fields), describeDays(fields.days)];
  if (fields.months.length < 12) parts.push(`in ${namesOf(fields.months, MONTHS, 1)}`);
  const years = describeYears(fields.years);
  return [...parts, years].filter((part) => part !== '').join(' ');
}

/** Writes weekdays, runs of three and more as `Monday to Friday`. */
export function weekdayNames(weekdays: readonly number[]): string {
  const fromMonday = weekdays.map((weekday) => (weekday === 0 ? 7 : weekday)).sort(byNumber);
  return namesOf(fromMonday, [...WEEKDAYS.slice(1), 'Sunday'], 1);
}

function describeTime({ hours, minutes, seconds }: CronFields): string {
  if (hours.length * minutes.length * seconds.length <= MOST_TIMES)
    return `At ${inWords(
      hours.flatMap((hour) =>
        minutes.flatMap((minute) => seconds.map((second) => clockTime(hour, minute, second))),
      ),
    )}`;
  const text =
    isZero(seconds) && isZero(minutes)
      ? describeFullHours(hours)
      : describeWithin({ hours, minutes, seconds });
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

function describeFullHours(hours: readonly number[]): string {
  if (everyStep(hours, 24) !== undefined) return stepsOf(hours, 24, 'hour');
  const run = runOf(hours);
  return run
    ? `every hour from ${clockTime(run.first, 0, 0)} to ${clockTime(run.last, 0, 0)}`
    : `at minute 0 of hours ${inWords(hours.map(String))}`;
}

function describeWithin({
  hours,
  minutes,
  seconds,
}: Pick<CronFields, 'hours' | 'minutes' | 'seconds'>): string {
  const phrases = isZero(seconds) ? [] : [stepsOf(seconds, 60, 'second')];
  const withinHours = [stepsOf(minutes, 60, 'minute'), describeHours(hours, minutes)];
  return [...phrases, withinHours.filter((part) => part !== '').join(' ')].join(', ');
}

function describeHours(hours: readonly number[], minutes: readonly number[]): string {
  if (hours.length === 24) return everyStep(minutes, 60) === undefined ? 'of every hour' : '';
  const run = runOf(hours);
  if (!run) return `of hour${hours.length === 1 ? '' : 's'} ${inWords(hours.map(String))}`;
  const first = clockTime(run.first, minutes[0] ?? 0, 0);
  return `from ${first} to ${clockTime(run.last, minutes.at(-1) ?? 0, 0)}`;
}

/** The ends of two or more values that follow each other without a break. */
function runOf(
  values: readonly number[],
): { readonly first: number; readonly last: number } | undefined {
  const [first, last] = [values[0], values.at(-1)];
  if (first === undefined || last === undefined || values.length < 2) return undefined;
  return last - first === values.length - 1 ? { first, last } : undefined;
}

function isZero(values: readonly number[]): boolean {
  return values.length === 1 && values[0] === 0;
}

/** `every 5 minutes`, where they divide the whole evenly from 0; else `at minutes 3, 7 and 40`. */
function stepsOf(values: readonly number[], whole: number, unit: string): string {
  const step = everyStep(values, whole);
  if (step === 1) return `every ${unit}`;
  if (step !== undefined) return `every ${step} ${unit}s`;
  return `at ${unit}${values.length === 1 ? '' : 's'} ${inWords(values.map(String))}`;
}

function everyStep(values: readonly number[], whole: number): number | undefined {
  const step = whole / values.length;
  return values.length > 1 && values.every((value, index) => value === index * step)
    ? step
    : undefined;
}

function clockTime(hour: number, minute: number, second: number): string {
  const parts = second === 0 ? [hour, minute] : [hour, minute, second];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

function describeDays({ ofMonth, ofWeek, weeks, match }: CronDays): string {
  const weekdays = ofWeek ? `on ${weekdayNames(ofWeek)}` : '';
  const dates = ofMonth ? `on ${describeDates(ofMonth)}` : '';
  const joined =
    dates && weekdays
      ? `${dates} ${match === 'either' ? 'and also' : 'if it falls'} ${weekdays}`
      : dates || weekdays;
  const inWeeks = weeks ? `in ISO week ${inWords(weeks.map(String))}` : '';
  return [joined, inWeeks].filter((part) => part !== '').join(' ');
}

function describeDates(days: DaysOfMonth): string {
  const parts = [
    ...days.dates.map((date) => `the ${ordinal(date)}`),
    ...days.nearestWeekdayTo.map((date) => `the weekday nearest the ${ordinal(date)}`),
    ...days.nth.map(({ weekday, nth }) => `the ${PLACES[nth + 1]} ${WEEKDAYS[weekday]}`),
    ...(days.last ? ['the last day'] : []),
    ...(days.lastWeekday ? ['the last weekday'] : []),
  ];
  return `${inWords(parts)} of the month`;
}

function describeYears(years: readonly YearRange[]): string {
  if (years.some(({ first, last, step }) => first === 1970 && last >= 2199 && step === 1))
    return '';
  return `in ${inWords(
    years.map(({ first, last, step }) => {
      if (first === last) return String(first);
      const range = last === LAST_YEAR ? `${first} and later` : `${first} to ${last}`;
      return step === 1 ? range : `every ${ordinal(step)} year of ${range}`;
    }),
  )}`;
}

function namesOf(values: readonly number[], names: readonly string[], first: number): string {
  const nameOf = (value: number) => names[value - first] ?? '';
  const run = values.length > 2 ? runOf(values) : undefined;
  return run ? `${nameOf(run.first)} to ${nameOf(run.last)}` : inWords(values.map(nameOf));
}

function byNumber(one: number, other: number): number {
  return one - other;
}
