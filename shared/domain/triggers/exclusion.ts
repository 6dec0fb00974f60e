import { type DayNumber, readDate, weekdayOf } from './civil-date.ts';
import { WEEKDAY_NAMES } from './cron-field.ts';
import type { Exclusion } from './trigger.ts';
import { addFault, isObject, type Reading, shown } from './trigger-json.ts';

const MOST_ENTRIES = 1000;
const ENTRY_RULE =
  'a date such as 2026-12-25, a weekday such as sat, {"from": date, "to": date} or {"calendar": name}';

type Days = readonly [first: DayNumber, last: DayNumber];
type Found = { readonly days: readonly Days[] } | { readonly weekday: number };

/**
 * Reads `exclude`: a list of dates, weekdays, date ranges with both ends included, and names of calendars.
 *
 * @returns Calendars taken up into the days; `undefined` where it is absent or empty.
 */
export function readExclusion(reading: Reading): Exclusion | undefined {
  const value = reading.json['exclude'];
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length > MOST_ENTRIES) {
    addFault(reading, 'exclude', {
      detail: `Expected exclude to be a list of at most ${MOST_ENTRIES} entries`,
    });
    return undefined;
  }
  const found = value.flatMap((entry: unknown, index) => readEntry(reading, entry, index) ?? []);
  const days = found.flatMap((each) => ('days' in each ? each.days : []));
  const weekdays = new Set(found.flatMap((each) => ('weekday' in each ? [each.weekday] : [])));
  if (weekdays.size === WEEKDAY_NAMES.length) {
    const detail = 'Expected exclude to leave at least one weekday, got all seven';
    addFault(reading, 'exclude', { detail, code: 'trigger.never-fires' });
  }
  return found.length === 0
    ? undefined
    : { days: merged(days), weekdays: [...weekdays].sort((one, other) => one - other) };
}

/** Makes a function that finds the first day, at or after a given one, that is not excluded. */
export function nextAllowedDay(exclusion: Exclusion): (day: DayNumber) => DayNumber {
  const { days } = exclusion;
  const isOff = WEEKDAY_NAMES.map((_, weekday) => exclusion.weekdays.includes(weekday));
  return (from) => {
    let day = from;
    for (;;) {
      const stretch = days[firstEndingFrom(days, day)];
      if (stretch && day >= stretch[0]) day = stretch[1] + 1;
      else if (isOff[weekdayOf(day)]) day += 1;
      else return day;
    }
  };
}

function readEntry(reading: Reading, entry: unknown, index: number): Found | undefined {
  const found =
    typeof entry === 'string'
      ? readText(entry)
      : isObject(entry)
        ? readObject(reading, entry)
        : undefined;
  if (!found)
    addFault(reading, `exclude/${index}`, {
      detail: `Expected an entry to be ${ENTRY_RULE}, got ${shown(entry)}`,
    });
  return found;
}

function readText(text: string): Found | undefined {
  const weekday = WEEKDAY_NAMES.indexOf(text.toLowerCase());
  if (weekday !== -1) return { weekday };
  const day = readDate(text);
  return day === undefined ? undefined : { days: [[day, day]] };
}

function readObject(reading: Reading, entry: Record<string, unknown>): Found | undefined {
  const { from, to, calendar, ...others } = entry;
  if (Object.keys(others).length > 0) return undefined;
  if (from === undefined && to === undefined) return readCalendar(reading, calendar);
  const [first, last] = [readDate(from), readDate(to)];
  if (calendar !== undefined || first === undefined || last === undefined) return undefined;
  return first <= last ? { days: [[first, last]] } : undefined;
}

function readCalendar({ context }: Reading, name: unknown): Found | undefined {
  const calendar = Object.entries(context.calendars ?? {}).find(([known]) => known === name);
  const days = calendar?.[1].map(readDate);
  if (!days || days.includes(undefined)) return undefined;
  return { days: days.flatMap((day) => (day === undefined ? [] : [[day, day] as const])) };
}

function merged(days: readonly Days[]): readonly Days[] {
  const result: Days[] = [];
  for (const [first, last] of [...days].sort((one, other) => one[0] - other[0])) {
    const previous = result.at(-1);
    if (previous && first <= previous[1] + 1)
      result[result.length - 1] = [previous[0], Math.max(previous[1], last)];
    else result.push([first, last]);
  }
  return result;
}

/** Binary search for the first stretch that does not end before a day. */
function firstEndingFrom(days: readonly Days[], day: DayNumber): number {
  let [low, high] = [0, days.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((days[middle]?.[1] ?? day) < day) low = middle + 1;
    else high = middle;
  }
  return low;
}
