import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import { parseTrigger } from '#shared/domain/triggers/parse-trigger.ts';
import type { Trigger } from '#shared/domain/triggers/trigger.ts';

/**
 * Reads a schedule's trigger.
 *
 * @throws an Error for a trigger that was never let in: only triggers without faults are stored.
 */
export function triggerOf(
  definition: Pick<ScheduleDefinition, 'scheduleId' | 'trigger' | 'anchorAt' | 'calendars'>,
): Trigger {
  const { anchorAt, calendars = {} } = definition;
  const parsed = parseTrigger(definition.trigger, { anchorAt, calendars });
  if (parsed.ok) return parsed.trigger;
  throw new Error(
    `Expected the stored trigger of ${definition.scheduleId} to be without faults, got: ${parsed.faults.map(({ detail }) => detail).join(' ')}`,
  );
}
