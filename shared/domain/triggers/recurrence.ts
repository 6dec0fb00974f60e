import { type EpochSeconds, fromIso } from '#shared/domain/epoch-seconds.ts';
import { readExclusion } from './exclusion.ts';
import { instantOfWall, isTimeZoneName, timeZoneOf } from './time-zone.ts';
import type { ClockChangePolicy, GivenTime, Recurrence } from './trigger.ts';
import { addExpectation, addFault, type Reading, readWord, shown } from './trigger-json.ts';

/** The fields that every recurring kind takes. */
export const RECURRENCE_FIELDS = ['timeZone', 'startAt', 'endAt', 'exclude'];

/** The zone of a trigger that names none. */
const DEFAULT_TIME_ZONE = 'UTC';

const LONGEST_TIME = 40;
const TIME_RULE =
  'a time such as 2026-11-23T09:00:00 in the time zone, or with Z or an offset such as +02:00';

/** Reads the time zone, the bounds and the exclusions; `undefined` after a fault that leaves no meaning to go on with. */
export function readRecurrence(reading: Reading): Recurrence | undefined {
  const timeZone = readTimeZone(reading);
  const exclude = readExclusion(reading);
  const bounds = readBounds(reading, timeZone ?? DEFAULT_TIME_ZONE);
  return timeZone === undefined ? undefined : { timeZone, ...bounds, ...(exclude && { exclude }) };
}

function readBounds(
  reading: Reading,
  timeZone: string,
): { readonly startAt?: EpochSeconds; readonly endAt?: EpochSeconds } {
  const startAt = readInstant(reading, 'startAt', timeZone);
  const endAt = readInstant(reading, 'endAt', timeZone);
  if (startAt !== undefined && endAt !== undefined && endAt < startAt) {
    const detail = `Expected endAt to be no earlier than startAt, got ${shown(reading.json['endAt'])}`;
    addFault(reading, 'endAt', { detail, code: 'trigger.never-fires' });
  }
  return { ...(startAt !== undefined && { startAt }), ...(endAt !== undefined && { endAt }) };
}

/** Reads what happens at clock changes, by default what EventBridge does. */
export function readClockChangePolicy(reading: Reading): ClockChangePolicy {
  return {
    gap: readWord(reading, 'gap', ['skip', 'shift']),
    fold: readWord(reading, 'fold', ['first', 'both']),
  };
}

/** Reads the name of the time zone, `UTC` where there is none; `undefined` after a fault. */
export function readTimeZone(reading: Reading): string | undefined {
  const name = reading.json['timeZone'] ?? DEFAULT_TIME_ZONE;
  if (typeof name === 'string' && isTimeZoneName(name)) return name;
  const detail = `Expected timeZone to be an IANA time-zone name such as Europe/Berlin, got ${shown(name)}`;
  addFault(reading, 'timeZone', { detail, code: 'trigger.time-zone' });
  return undefined;
}

/** Reads a time that may or may not say its offset; `undefined` where it is absent or, after a fault, wrong. */
export function readTime(reading: Reading, field: string): GivenTime | undefined {
  const value = reading.json[field];
  if (value === undefined) return undefined;
  const text = typeof value === 'string' && value.length <= LONGEST_TIME ? value : '';
  const instant = fromIso(text);
  if (instant !== undefined) return { instant };
  const wall = fromIso(`${text}Z`);
  if (wall !== undefined) return { wall };
  addExpectation(reading, field, TIME_RULE);
  return undefined;
}

/** Reads a time as an instant; one on the wall clock must exist, and counts as its first occurrence. */
function readInstant(reading: Reading, field: string, timeZone: string): EpochSeconds | undefined {
  const time = readTime(reading, field);
  if (!time || 'instant' in time) return time?.instant;
  const instant = instantOfWall(timeZoneOf(timeZone), time.wall);
  if (instant === undefined) {
    const value = shown(reading.json[field]);
    const detail = `Expected ${field} to be a time that exists in ${timeZone}, got ${value}, which a clock change leaves out`;
    addFault(reading, field, { detail });
  }
  return instant;
}
