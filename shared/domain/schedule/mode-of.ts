import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import { triggerOf } from '#shared/domain/schedule/trigger-of.ts';
import { type EventBridgeForm, toEventBridge } from '#shared/domain/triggers/to-event-bridge.ts';

/**
 * Decides whether EventBridge holds a schedule by itself, is told each fire time anew, and why, or need not know of it.
 *
 * A schedule of which not every fire time is to be started is planned whatever its trigger, as EventBridge starts them all.
 */
export function modeOf(
  definition: Pick<
    ScheduleDefinition,
    'scheduleId' | 'trigger' | 'anchorAt' | 'calendars' | 'policy'
  >,
): EventBridgeForm {
  const form = toEventBridge(triggerOf(definition));
  if (form.kind === 'dependent') return form;
  const { coalesce = 'all', maxJobs } = definition.policy;
  if (maxJobs !== undefined) return { kind: 'planned', reason: 'EventBridge cannot count jobs' };
  if (coalesce !== 'all')
    return {
      kind: 'planned',
      reason: 'EventBridge cannot leave out fire times that it is late for',
    };
  return form;
}
