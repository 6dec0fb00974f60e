import { parseCron } from './parse-cron.ts';
import { parseInterval } from './parse-interval.ts';
import { parseOnce } from './parse-once.ts';
import type { Trigger, TriggerFault, TriggerKind } from './trigger.ts';
import { addExpectation, isObject, type Reading, type TriggerContext } from './trigger-json.ts';

/** What became of a trigger's JSON: its meaning, or everything that is wrong with it. */
export type ParsedTrigger =
  | { readonly ok: true; readonly trigger: Trigger }
  | { readonly ok: false; readonly faults: readonly TriggerFault[] };

const PARSERS: Readonly<Partial<Record<TriggerKind, (reading: Reading) => Trigger | undefined>>> = {
  cron: parseCron,
  interval: parseInterval,
  once: parseOnce,
};

/**
 * Reads a trigger's JSON, form and sense, and reports all faults together.
 *
 * That a time has passed, or that fire times lie close together, is no fault here: see `findPolicyFaults`.
 *
 * @param json - Foreign data, as `{"kind": "cron", "expression": "0 9 * * mon-fri", "timeZone": "Europe/Berlin"}`.
 */
export function parseTrigger(json: unknown, context: TriggerContext = {}): ParsedTrigger {
  const faults: TriggerFault[] = [];
  const trigger = readTrigger({ json, pointer: '', faults, context, depth: 0 });
  return trigger && faults.length === 0 ? { ok: true, trigger } : { ok: false, faults };
}

function readTrigger(
  place: Omit<Reading, 'json'> & { readonly json: unknown },
): Trigger | undefined {
  const { json } = place;
  if (!isObject(json)) {
    place.faults.push({
      pointer: place.pointer,
      code: 'trigger.invalid',
      detail: 'Expected a trigger to be an object with a kind',
    });
    return undefined;
  }
  const reading = { ...place, json };
  const kind = Object.keys(PARSERS).find((known) => known === json['kind']);
  const parse = PARSERS[kind as TriggerKind];
  if (parse) return parse(reading);
  addExpectation(reading, 'kind', `one of ${Object.keys(PARSERS).join(', ')}`);
  return undefined;
}
