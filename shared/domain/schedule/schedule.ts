import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { NamedCalendars } from '#shared/domain/schedule/named-calendars.ts';
import type { PassedOver, Pause } from '#shared/domain/schedule/pause.ts';
import type { SchedulePolicy } from '#shared/domain/schedule/schedule-policy.ts';
import type { Share } from '#shared/domain/usage/budget.ts';

/** What a user defines: a task, when to fire it, its input, and how its jobs are treated. */
export interface ScheduleDefinition {
  readonly scheduleId: string;
  readonly task: string;
  /** The trigger's JSON as the user wrote it, already understood once: `parseTrigger` reads it. */
  readonly trigger: Readonly<Record<string, unknown>>;
  /** The calendars that the trigger names, as they stood when it was written; a later deploy does not change them. */
  readonly calendars?: NamedCalendars;
  readonly input: unknown;
  readonly policy: SchedulePolicy;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Counts the user's writes from 1, and goes on where a deleted id is created anew. */
  readonly revision: number;
  /** What an interval without `startAt` counts from: the creation, or the last change of the trigger. */
  readonly anchorAt: EpochSeconds;
  readonly createdAt: EpochSeconds;
  readonly updatedAt: EpochSeconds;
  /** What of the stack's budgets it takes; absent where it has never been in one. */
  readonly share?: Share;
}

/** Where a schedule stands between the table, which is the truth, and EventBridge, which follows. */
export interface ScheduleState {
  readonly scheduleId: string;
  /** Goes on by one with each write that EventBridge must see. */
  readonly generation: number;
  readonly sync: Sync;
  /** Since when the present trigger holds: fire times after it, and none before, are the present trigger's. */
  readonly changedAt: EpochSeconds;
  /** Present where the schedule is planned: EventBridge is told each fire time by itself. */
  readonly plan?: Plan;
  /** The last pause, which may have ended by itself. */
  readonly paused?: Pause;
  readonly passedOver?: PassedOver;
  /**
   * Every job whose fire time is before it is at rest: settled, left out, or too old to say. It may lie in the future; absent: see
   * `sweptToOf`.
   */
  readonly sweptTo?: EpochSeconds;
  /** When someone last asked for a job beside the fire times: the sweep does not pass by it. */
  readonly askedAt?: EpochSeconds;
  /** The revision that a tombstone had; a schedule created anew goes on from it. */
  readonly revision: number;
  /** Set on a tombstone: the schedule is gone for its user, but perhaps not yet from EventBridge. */
  readonly deletedAt?: EpochSeconds;
}

/** How far a planned schedule has come. Only what advances the schedule, and a change of its trigger, moves it. */
export interface Plan {
  /** Every fire time before it has been seen to; absent once none is left. */
  readonly nextFireTime?: EpochSeconds;
  /** Up to which fire time all has been seen to, where none is left. */
  readonly seenTo?: EpochSeconds;
  /** How many jobs have been started since the trigger began to hold: exact where `maxJobs` asks for it. */
  readonly started: number;
  /** When it was decided which fire times are started from `nextFireTime` on; a repetition decides the same by it. */
  readonly decidedAt?: EpochSeconds;
}

/** How far EventBridge is behind. */
export interface Sync {
  readonly state: 'pending' | 'active' | 'failed' | 'completed';
  /** The generation that this was found for. */
  readonly generation: number;
  readonly at: EpochSeconds;
  /** Why EventBridge refused, and when it is tried again. */
  readonly error?: SyncError;
}

export interface SyncError {
  /** AWS's name of the refusal, as `ValidationException`. */
  readonly code: string;
  readonly message: string;
  /** How often it was tried since it last worked. */
  readonly attempts: number;
  /** Absent once it is given up. */
  readonly retryAt?: EpochSeconds;
}

/** A schedule with both its parts, as one strongly consistent read finds it. */
export interface StoredSchedule {
  readonly definition: ScheduleDefinition;
  readonly state: ScheduleState;
}
