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
