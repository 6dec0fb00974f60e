import { DAY_SECONDS } from './civil-date.ts';
import { nextInstant } from './next-instant.ts';
import { readClockChangePolicy, readTime, readTimeZone } from './recurrence.ts';
import { singleTime } from './single-time.ts';
import { timeZoneOf } from './time-zone.ts';
import type { OnceTrigger } from './trigger.ts';
import {
  addExpectation,
  addFault,
  type Reading,
  refuseOtherFields,
  shown,
} from './trigger-json.ts';

/** Reads `{kind: 'once', at}`; a time on the wall clock that a clock change leaves out can never fire. */
export function parseOnce(reading: Reading): OnceTrigger | undefined {
  refuseOtherFields(reading, ['kind', 'at', 'timeZone', 'gap', 'fold']);
  const timeZone = readTimeZone(reading);
  const policy = readClockChangePolicy(reading);
  if (reading.json['at'] === undefined) addExpectation(reading, 'at', 'the time to fire');
  const at = readTime(reading, 'at');
  if (timeZone === undefined || at === undefined) return undefined;
  const zone = timeZoneOf(timeZone);
  if (
    'wall' in at &&
    nextInstant(singleTime(at.wall), { ...policy, zone }, at.wall - 2 * DAY_SECONDS) === undefined
  ) {
    const detail = `Expected at to be a time that exists in ${timeZone}, got ${shown(reading.json['at'])}, which a clock change leaves out`;
    addFault(reading, 'at', { detail, code: 'trigger.never-fires' });
  }
  return { kind: 'once', timeZone, ...policy, at };
}
