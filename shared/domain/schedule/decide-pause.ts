import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { StateChange } from '#shared/domain/schedule/apply-state-change.ts';
import { lastStarts } from '#shared/domain/schedule/due-starts.ts';
import { overdueStarts } from '#shared/domain/schedule/overdue-starts.ts';
import { keptPause, type Pause, pauseAt } from '#shared/domain/schedule/pause.ts';
import { planAfterWrite } from '#shared/domain/schedule/plan-after-write.ts';
import { planUnderPause } from '#shared/domain/schedule/plan-under-pause.ts';
import type { Plan, ScheduleDefinition, StoredSchedule } from '#shared/domain/schedule/schedule.ts';
import { dependsOnDecision } from '#shared/domain/schedule/schedule-policy.ts';

/** Who pauses a schedule, and what they say of it. */
export type PauseRequest = Pick<Pause, 'by' | 'note' | 'until'>;

/**
 * Decides what becomes of a schedule that is paused; a pause of a paused one goes on from when it began, with the new note and end.
 *
 * What was due before the pause is owed: EventBridge may drop a firing that is under way when its copy is changed.
 */
export function decidePause(
  present: StoredSchedule,
  request: PauseRequest,
  now: EpochSeconds,
): StateChange {
  const { definition, state } = present;
  const { plan } = state;
  const current = pauseAt(state, now);
  const pause: Pause = { ...request, since: current?.since ?? now };
  const { passedOver } = keptPause(state, now);
  const starts = plan ? overdueStarts(definition, plan, now - 1) : lastStarts(present, now - 1);
  return {
    state: {
      changedAt: isDecidedHere(definition, starts) ? now : state.changedAt,
      ...(plan && { plan: pausedPlan(definition, pause, { plan, now, owed: starts.length }) }),
      paused: pause,
      ...(passedOver && { passedOver }),
    },
    starts,
  };
}

/** What is folded or counted away of what was due has no row, and is not to be looked for. */
function isDecidedHere({ policy }: ScheduleDefinition, owed: readonly unknown[]): boolean {
  return owed.length > 0 && dependsOnDecision(policy);
}

function pausedPlan(
  definition: ScheduleDefinition,
  pause: Pause,
  from: { readonly plan: Plan; readonly now: EpochSeconds; readonly owed: number },
): Plan {
  const { plan, now, owed } = from;
  const isDue = plan.nextFireTime !== undefined && plan.nextFireTime < now;
  const kept = isDue ? { started: plan.started + owed } : plan;
  return planUnderPause(definition, planAfterWrite({ definition, kept, now }) ?? kept, pause);
}
