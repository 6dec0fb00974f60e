import { parseTrigger } from '#shared/domain/triggers/parse-trigger.ts';
import type { TimedTrigger } from '#shared/domain/triggers/trigger.ts';
import type { TriggerContext } from '#shared/domain/triggers/trigger-json.ts';

/** Reads a trigger that a test knows to be sound, and to have fire times of its own. */
export function aTrigger(json: Record<string, unknown>, context?: TriggerContext): TimedTrigger {
  const parsed = parseTrigger(json, context);
  if (!parsed.ok || parsed.trigger.kind === 'after')
    throw new Error(`Expected a sound trigger, got ${JSON.stringify(parsed)}.`);
  return parsed.trigger;
}

/** Reads a trigger whose random days may not exist; what can never fire is refused, and is `undefined` here. */
export function aTriggerIfItFires(json: Record<string, unknown>): TimedTrigger | undefined {
  const parsed = parseTrigger(json);
  const isUnfired = !parsed.ok && parsed.faults.every(({ code }) => code === 'trigger.never-fires');
  return isUnfired ? undefined : aTrigger(json);
}
