import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { findPolicyFaults } from '#shared/domain/triggers/find-policy-faults.ts';
import { parseTrigger } from '#shared/domain/triggers/parse-trigger.ts';
import { toEventBridge } from '#shared/domain/triggers/to-event-bridge.ts';
import type { TriggerFault } from '#shared/domain/triggers/trigger.ts';

/** In whose light a trigger is looked at. */
export interface TriggerContext {
  readonly now: EpochSeconds;
  /** What an interval without `startAt` counts from. */
  readonly anchorAt: EpochSeconds;
  /** Whether it is the schedule's present trigger, which may have passed without fault. */
  readonly isPresent: boolean;
}

/** Finds everything for which a schedule with this trigger is refused; pointers are relative to the trigger. */
export function findTriggerFaults(json: unknown, context: TriggerContext): readonly TriggerFault[] {
  const parsed = parseTrigger(json, { anchorAt: context.anchorAt });
  if (!parsed.ok) return parsed.faults;
  const faults = findPolicyFaults(parsed.trigger, context.now);
  const standing = context.isPresent
    ? faults.filter(({ code }) => code !== 'trigger.past')
    : faults;
  const projection = toEventBridge(parsed.trigger);
  if (projection.kind === 'native' || standing.length > 0) return standing;
  return [
    {
      pointer: '',
      code: 'trigger.invalid',
      detail: `Expected a trigger that EventBridge Scheduler can hold by itself, got one that it cannot: ${projection.reason}`,
    },
  ];
}
