import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { StateChange } from '#shared/domain/schedule/apply-state-change.ts';
import { type CatchUp, decideCatchUp } from '#shared/domain/schedule/decide-catch-up.ts';
import { pauseAt } from '#shared/domain/schedule/pause.ts';
import { planAfterWrite } from '#shared/domain/schedule/plan-after-write.ts';
import type { StoredSchedule } from '#shared/domain/schedule/schedule.ts';
import { changeState } from './change-state.ts';
import type { WriteOptions, WriteSchedulePorts } from './write-schedule.ts';

/**
 * Ends a schedule's pause; what of the fire times that passed is to be started goes through the starts queue at once.
 *
 * A schedule that is not paused is left as it is, so that a request may be repeated.
 *
 * @throws {AlmanacError} `schedule.not-found`, `schedule.stale`
 */
export function resumeSchedule(
  scheduleId: string,
  catchUp: CatchUp,
  context: WriteOptions & { readonly ports: WriteSchedulePorts },
): Promise<StoredSchedule> {
  return changeState(scheduleId, (present) => decideResume(present, catchUp, context.now), context);
}

function decideResume(
  { definition, state }: StoredSchedule,
  catchUp: CatchUp,
  now: EpochSeconds,
): StateChange | undefined {
  const pause = pauseAt(state, now);
  if (!pause) return undefined;
  const { plan } = state;
  const { starts, passedOver } = decideCatchUp({ definition, pause, plan }, catchUp, now);
  const kept = plan && { started: plan.started + starts.length };
  const resumed = kept && planAfterWrite({ definition, kept, now });
  return {
    state: {
      // What lies before is seen to here, or left out.
      changedAt: now,
      ...(resumed && { plan: resumed }),
      ...(passedOver && { passedOver }),
    },
    starts: starts.map((start) => ({ start, notBefore: now })),
  };
}
