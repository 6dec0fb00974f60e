import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { NamedCalendars } from '#shared/domain/schedule/named-calendars.ts';
import { findPolicyFaults } from '#shared/domain/triggers/find-policy-faults.ts';
import { parseTrigger } from '#shared/domain/triggers/parse-trigger.ts';
import type { TriggerFault } from '#shared/domain/triggers/trigger.ts';

/** In whose light a new trigger is looked at. */
export interface TriggerContext {
  readonly now: EpochSeconds;
  /** What an interval without `startAt` counts from. */
  readonly anchorAt: EpochSeconds;
  /** The calendars that it may name. */
  readonly calendars?: NamedCalendars;
}

/** Finds everything for which a schedule with this trigger is refused; pointers are relative to the trigger. */
export function findTriggerFaults(json: unknown, context: TriggerContext): readonly TriggerFault[] {
  const parsed = parseTrigger(json, context);
  return parsed.ok ? findPolicyFaults(parsed.trigger, context.now) : parsed.faults;
}
