import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { DAY_SECONDS, dayNumberOf, type WallSeconds } from './civil-date.ts';

/**
 * A stretch of time in which a zone keeps one offset from UTC.
 *
 * Stretches are cut at the turn of each year as well, where nothing changes: `offsetBefore` then equals `offset`.
 */
export interface OffsetPeriod {
  readonly from: EpochSeconds;
  /** The first instant of the next period. */
  readonly until: EpochSeconds;
  /** Seconds that the wall clock is ahead of UTC; below 0 to the west. */
  readonly offset: number;
  /** The offset just before `from`: less than `offset` at a gap, more at a fold. */
  readonly offsetBefore: number;
}

/** A time zone's offsets, found when they are first asked for and kept. */
export interface TimeZone {
  readonly name: string;
  periodAt(instant: EpochSeconds): OffsetPeriod;
}

/** Longest zone name that EventBridge Scheduler takes. */
const LONGEST_NAME = 50;
const IANA_NAME = /^[A-Z][A-Za-z0-9_+-]{0,49}(?:\/[A-Z][A-Za-z0-9_+-]{0,49}){0,2}$/;

/** No zone has changed its offset and changed it back within this time since 1970. */
const PROBE_SECONDS = 5 * DAY_SECONDS;

const MOST_ZONES = 64;
const MOST_YEARS_PER_ZONE = 512;

const UTC: TimeZone = { name: 'UTC', periodAt: () => ALWAYS_UTC };
const ALWAYS_UTC: OffsetPeriod = {
  from: Number.NEGATIVE_INFINITY,
  until: Number.POSITIVE_INFINITY,
  offset: 0,
  offsetBefore: 0,
};

const zones = new Map<string, TimeZone>();

/**
 * Tells whether a text names a time zone of the IANA database, legacy names such as `US/Pacific` included.
 *
 * Offsets such as `+02:00` are no names, and letters must stand as in the database: EventBridge knows no others.
 */
export function isTimeZoneName(name: string): boolean {
  if (name.length > LONGEST_NAME || !IANA_NAME.test(name)) return false;
  if (zones.has(name) || knownNames.has(name)) return true;
  const isKnown = isKnownToIntl(name);
  if (isKnown && knownNames.size < MOST_NAMES) knownNames.add(name);
  return isKnown;
}

/** Asking `Intl` takes ten times as long as all else in reading a trigger. There are some 600 names. */
const knownNames = new Set<string>();
const MOST_NAMES = 1_000;

function isKnownToIntl(name: string): boolean {
  try {
    offsetFormat(name);
  } catch {
    return false;
  }
  return isSpelledAsKnown(name);
}

/**
 * Gives a zone by its name.
 *
 * @param name - One that {@link isTimeZoneName} accepts.
 * @throws {RangeError} From `Intl`, for a name that it does not know.
 */
export function timeZoneOf(name: string): TimeZone {
  const known = zones.get(name);
  if (known) return known;
  if (zones.size >= MOST_ZONES) zones.clear();
  const zone = name === 'UTC' || name === 'Etc/UTC' ? UTC : zoneWithChanges(name);
  zones.set(name, zone);
  return zone;
}

/** Reads a wall-clock time as an instant, a repeated one as its first occurrence; `undefined` if a gap leaves it out. */
export function instantOfWall(zone: TimeZone, wall: WallSeconds): EpochSeconds | undefined {
  let period = zone.periodAt(wall - DAY_SECONDS);
  while (wall - period.offset >= period.until) period = zone.periodAt(period.until);
  const instant = wall - period.offset;
  return instant >= period.from ? instant : undefined;
}

function zoneWithChanges(name: string): TimeZone {
  const format = offsetFormat(name);
  const years = new Map<number, readonly OffsetPeriod[]>();
  let latest = ALWAYS_UTC;
  let hasLatest = false;

  function periodsOf(year: number): readonly OffsetPeriod[] {
    const known = years.get(year);
    if (known) return known;
    if (years.size >= MOST_YEARS_PER_ZONE) years.clear();
    const found = findPeriods(format, year);
    years.set(year, found);
    return found;
  }

  return {
    name,
    periodAt(instant) {
      if (hasLatest && instant >= latest.from && instant < latest.until) return latest;
      const periods = periodsOf(new Date(instant * 1000).getUTCFullYear());
      let index = periods.length - 1;
      while (index > 0 && (periods[index]?.from ?? 0) > instant) index -= 1;
      latest = periods[index] ?? ALWAYS_UTC;
      hasLatest = true;
      return latest;
    },
  };
}

function findPeriods(format: Intl.DateTimeFormat, year: number): readonly OffsetPeriod[] {
  const yearStart = dayNumberOf(year, 1, 1) * DAY_SECONDS;
  const yearEnd = dayNumberOf(year + 1, 1, 1) * DAY_SECONDS;
  const periods: OffsetPeriod[] = [];
  let offsetBefore = offsetAt(format, yearStart - 1);
  let offset = offsetAt(format, yearStart);
  let from = yearStart;
  for (let probe = yearStart; probe < yearEnd; ) {
    const next = Math.min(probe + PROBE_SECONDS, yearEnd - 1);
    if (offsetAt(format, next) !== offset) {
      const change = findChange(format, { unchanged: probe, changed: next, offset });
      periods.push({ from, until: change, offset, offsetBefore });
      offsetBefore = offset;
      offset = offsetAt(format, change);
      from = change;
    }
    probe = next === yearEnd - 1 ? yearEnd : next;
  }
  periods.push({ from, until: yearEnd, offset, offsetBefore });
  return periods;
}

function findChange(
  format: Intl.DateTimeFormat,
  between: { unchanged: EpochSeconds; changed: EpochSeconds; offset: number },
): EpochSeconds {
  let { unchanged, changed } = between;
  while (changed - unchanged > 1) {
    const middle = Math.floor((unchanged + changed) / 2);
    if (offsetAt(format, middle) === between.offset) unchanged = middle;
    else changed = middle;
  }
  return changed;
}

/** The one form in which `Intl` tells an offset: `1/2/2026, GMT-03:30`, or `GMT` alone for 0. */
function offsetFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    timeZoneName: 'longOffset',
    year: 'numeric',
  });
}

function offsetAt(format: Intl.DateTimeFormat, instant: EpochSeconds): number {
  const text = format.format(instant * 1000);
  const at = text.indexOf('GMT') + 'GMT'.length;
  if (at === text.length) return 0;
  const [hours = 0, minutes = 0, seconds = 0] = text
    .slice(at + 1)
    .split(':')
    .map(Number);
  const size = hours * 3600 + minutes * 60 + seconds;
  return text[at] === '-' ? -size : size;
}

/** `Intl` ignores case and answers with another spelling of the same name, or with the name that it stands for. */
function isSpelledAsKnown(name: string): boolean {
  const { timeZone } = new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions();
  return timeZone.toLowerCase() !== name.toLowerCase() || timeZone === name;
}
