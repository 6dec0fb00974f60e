import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';

/** One schedule as EventBridge Scheduler is to hold it. */
export interface EventBridgeSchedule {
  readonly name: string;
  /** `cron(…)` or `at(…)`. */
  readonly expression: string;
  readonly timeZone: string;
  readonly startDate?: EpochSeconds;
  readonly endDate?: EpochSeconds;
  readonly task: string;
  /** The text that the task's function receives, context attributes not yet replaced. */
  readonly input: string;
  /** How long EventBridge goes on trying to deliver a firing, 60 to 86,400. */
  readonly maximumEventAgeSeconds: number;
}

/** What EventBridge said. A refusal is a value: it is written on the schedule and tried again, and never blocks the others. */
export type ProjectionResult =
  | { readonly kind: 'applied' }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/** The one copy of our schedules that fires. */
export interface EventBridge {
  /** Makes EventBridge's copy equal to this, whether or not it has one. */
  apply(schedule: EventBridgeSchedule): Promise<ProjectionResult>;
  /** Makes EventBridge have no copy. */
  remove(name: string): Promise<ProjectionResult>;
}
