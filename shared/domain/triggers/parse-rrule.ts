import { RECURRENCE_FIELDS, readClockChangePolicy, readRecurrence } from './recurrence.ts';
import { readRruleLines } from './rrule-lines.ts';
import { readRecurrenceRule } from './rrule-parts.ts';
import { timeZoneOf } from './time-zone.ts';
import type { RruleTrigger } from './trigger.ts';
import {
  addExpectation,
  addFault,
  type Reading,
  readText,
  refuseOtherFields,
} from './trigger-json.ts';

const LONGEST_RULE = 8_192;

/**
 * Reads `{kind: 'rrule', rule, startAt}`: one RRULE, and EXDATE and RDATE lines, joined by `\n`.
 *
 * `startAt` stands for DTSTART, which the rule itself must not have; it fires only if it matches.
 */
export function parseRrule(reading: Reading): RruleTrigger | undefined {
  refuseOtherFields(reading, ['kind', 'rule', 'gap', 'fold', ...RECURRENCE_FIELDS]);
  const recurrence = readRecurrence(reading);
  const policy = readClockChangePolicy(reading);
  if (reading.json['startAt'] === undefined)
    addExpectation(reading, 'startAt', 'the time from which the rule counts');
  const what = 'an RRULE, with EXDATE and RDATE lines if need be,';
  const text = readText(reading, 'rule', { longest: LONGEST_RULE, what });
  if (text === undefined) return undefined;
  const report = (detail: string) => addFault(reading, 'rule', { detail });
  const lines = readRruleLines(text, recurrence?.timeZone ?? 'UTC', report);
  const parts = lines && readRecurrenceRule(lines.rule, report);
  if (!parts || recurrence?.startAt === undefined) return undefined;
  const { startAt } = recurrence;
  const zone = timeZoneOf(recurrence.timeZone);
  const wallOf = (instant: number) => instant + zone.periodAt(instant).offset;
  const { until, ...others } = parts;
  const untilWall = until && ('wall' in until ? until.wall : wallOf(until.instant));
  const rule = {
    ...others,
    start: wallOf(startAt),
    ...(untilWall === undefined ? {} : { until: untilWall }),
  };
  return {
    kind: 'rrule',
    ...recurrence,
    ...policy,
    startAt,
    source: lines.rule,
    rule,
    extra: lines.extra,
    except: lines.except,
  };
}
