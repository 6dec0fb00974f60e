import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { findPolicyFaults } from '#shared/domain/triggers/find-policy-faults.ts';
import { parseTrigger } from '#shared/domain/triggers/parse-trigger.ts';
import { toEventBridge } from '#shared/domain/triggers/to-event-bridge.ts';
import type { Trigger, TriggerFault } from '#shared/domain/triggers/trigger.ts';

/** In whose light a new trigger is looked at. */
export interface TriggerContext {
  readonly now: EpochSeconds;
  /** What an interval without `startAt` counts from. */
  readonly anchorAt: EpochSeconds;
}

/**
 * Finds everything for which a schedule with this trigger is refused; pointers are relative to the trigger.
 *
 * This is the one place that refuses what EventBridge cannot hold by itself.
 */
export function findTriggerFaults(json: unknown, context: TriggerContext): readonly TriggerFault[] {
  const parsed = parseTrigger(json, { anchorAt: context.anchorAt });
  if (!parsed.ok) return parsed.faults;
  const { trigger } = parsed;
  // The fire times of a combination can take long to find, and it is refused whatever they are.
  if (isCombined(trigger)) return findPlannedFaults(trigger);
  const faults = findPolicyFaults(trigger, context.now);
  return faults.length > 0 ? faults : findPlannedFaults(trigger);
}

function isCombined({ kind }: Trigger): boolean {
  return kind === 'any' || kind === 'all';
}

function findPlannedFaults(trigger: Trigger): readonly TriggerFault[] {
  const form = toEventBridge(trigger);
  if (form.kind === 'native') return [];
  return [
    {
      pointer: '',
      code: 'trigger.invalid',
      detail: `Expected a trigger that EventBridge Scheduler can hold by itself, got one that it cannot: ${form.reason}.`,
    },
  ];
}
