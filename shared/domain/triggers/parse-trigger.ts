import { compileTrigger } from './compile-trigger.ts';
import { parseAfter } from './parse-after.ts';
import { parseCalendarInterval } from './parse-calendar-interval.ts';
import { parseAll, parseAny } from './parse-combined.ts';
import { parseCron } from './parse-cron.ts';
import { parseInterval } from './parse-interval.ts';
import { parseOnce } from './parse-once.ts';
import { parseRrule } from './parse-rrule.ts';
import type { TimedTrigger, Trigger, TriggerFault, TriggerKind } from './trigger.ts';
import {
  addExpectation,
  addFault,
  isObject,
  type Reading,
  type TriggerContext,
  type TriggerPlace,
} from './trigger-json.ts';

/** What became of a trigger's JSON: its meaning, or everything that is wrong with it. */
export type ParsedTrigger =
  | { readonly ok: true; readonly trigger: Trigger }
  | { readonly ok: false; readonly faults: readonly TriggerFault[] };

const PARSERS: Readonly<Record<TriggerKind, (reading: Reading) => Trigger | undefined>> = {
  cron: parseCron,
  interval: parseInterval,
  calendarInterval: parseCalendarInterval,
  once: parseOnce,
  rrule: parseRrule,
  any: (reading) => parseAny(reading, readMember),
  all: (reading) => parseAll(reading, readMember),
  after: parseAfter,
};

/**
 * Reads a trigger's JSON, form and sense, and reports all faults together.
 *
 * A trigger that has no fire time at all, ever, is a fault; one whose fire times have passed, or lie close together, is
 * not: see `findPolicyFaults`.
 *
 * @param json - Foreign data, as `{"kind": "cron", "expression": "0 9 * * mon-fri", "timeZone": "Europe/Berlin"}`.
 */
export function parseTrigger(json: unknown, context: TriggerContext = {}): ParsedTrigger {
  const faults: TriggerFault[] = [];
  const trigger = readTrigger({ json, pointer: '', faults, context, around: [] });
  return trigger && faults.length === 0 ? { ok: true, trigger } : { ok: false, faults };
}

/** An `after` among the members has its fault already. */
function readMember(place: TriggerPlace): TimedTrigger | undefined {
  const trigger = readTrigger(place);
  return trigger?.kind === 'after' ? undefined : trigger;
}

function readTrigger(place: TriggerPlace): Trigger | undefined {
  const { json, faults } = place;
  if (!isObject(json)) {
    const detail = 'Expected a trigger to be an object with a kind';
    faults.push({ pointer: place.pointer, code: 'trigger.invalid', detail });
    return undefined;
  }
  const reading = { ...place, json };
  const kind = Object.keys(PARSERS).find((known) => known === json['kind']);
  if (kind === undefined) {
    addExpectation(reading, 'kind', `one of ${Object.keys(PARSERS).join(', ')}`);
    return undefined;
  }
  const faultsBefore = faults.length;
  const trigger = PARSERS[kind as TriggerKind](reading);
  if (trigger && faults.length === faultsBefore && !mayFire(trigger)) {
    const detail = 'Expected a trigger that fires, got one that can never fire';
    addFault(reading, '', { detail, code: 'trigger.never-fires' });
  }
  return trigger;
}

/**
 * Whether the triggers of an `all` ever agree is not decided here, but by its `maxIterations` when it is asked; whether another schedule
 * ever ends so, nobody can tell.
 */
function mayFire(trigger: Trigger): boolean {
  if (trigger.kind === 'all' || trigger.kind === 'any' || trigger.kind === 'after') return true;
  const earliest = trigger.kind === 'once' ? undefined : trigger.startAt;
  return compileTrigger(trigger).next(Math.min(earliest ?? 0, 0)) !== undefined;
}
