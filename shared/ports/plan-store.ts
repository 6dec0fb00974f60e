import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Plan } from '#shared/domain/schedule/schedule.ts';

/** A plan as it was read: a write goes through only while the schedule still stands so. */
export interface PlanFence {
  readonly scheduleId: string;
  readonly generation: number;
  /** The plan's `nextFireTime`. */
  readonly fireTime: EpochSeconds;
}

/** The plans in the Schedules table. Each write is conditional; `false` says that someone else wrote first. */
export interface PlanStore {
  /**
   * Notes when it was decided what is started, so that a repetition decides the same.
   *
   * @throws {AlmanacError} `store.unavailable` after the client's own retries.
   */
  noteDecision(fence: PlanFence, decidedAt: EpochSeconds): Promise<boolean>;
  /**
   * Moves a plan, and has EventBridge follow: the generation goes on, and the schedule is pending.
   *
   * @throws {AlmanacError} `store.unavailable` after the client's own retries.
   */
  move(fence: PlanFence, plan: Plan, at: EpochSeconds): Promise<boolean>;
}
