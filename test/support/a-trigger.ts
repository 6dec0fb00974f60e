import { parseTrigger } from '#shared/domain/triggers/parse-trigger.ts';
import type { Trigger } from '#shared/domain/triggers/trigger.ts';
import type { TriggerContext } from '#shared/domain/triggers/trigger-json.ts';

/** Reads a trigger that a test knows to be sound. */
export function aTrigger(json: Record<string, unknown>, context?: TriggerContext): Trigger {
  const parsed = parseTrigger(json, context);
  if (!parsed.ok)
    throw new Error(`Expected a sound trigger, got ${JSON.stringify(parsed.faults)}.`);
  return parsed.trigger;
}

/** Reads a trigger whose random days may not exist; what can never fire is refused, and is `undefined` here. */
export function aTriggerIfItFires(json: Record<string, unknown>): Trigger | undefined {
  const parsed = parseTrigger(json);
  if (parsed.ok) return parsed.trigger;
  if (parsed.faults.every(({ code }) => code === 'trigger.never-fires')) return undefined;
  throw new Error(`Expected a sound trigger, got ${JSON.stringify(parsed.faults)}.`);
}
