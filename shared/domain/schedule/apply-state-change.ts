import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Start } from '#shared/domain/job/start.ts';
import type { ScheduleState, StoredSchedule } from '#shared/domain/schedule/schedule.ts';
import { sweptToAfterWrite } from '#shared/domain/schedule/sweep-position.ts';

/** How an action changes a schedule: its next state, and what is sent before that is written. */
export interface StateChange {
  readonly state: Pick<ScheduleState, 'changedAt' | 'plan' | 'paused' | 'passedOver'>;
  /** To repeat them is harmless, to lose them is not: so they go first. */
  readonly starts: readonly { readonly start: Start; readonly notBefore: EpochSeconds }[];
}

/** Finds the state that an action leaves a schedule in: one generation further, which EventBridge has yet to follow. */
export function applyStateChange(
  { state: present }: StoredSchedule,
  { state }: StateChange,
  now: EpochSeconds,
): ScheduleState {
  const { scheduleId, revision } = present;
  const generation = present.generation + 1;
  return {
    ...state,
    scheduleId,
    generation,
    sync: { state: 'pending', generation, at: now },
    sweptTo: sweptToAfterWrite(present, now),
    revision,
  };
}
