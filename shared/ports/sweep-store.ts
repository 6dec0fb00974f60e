import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { TaskPlace } from '#shared/domain/job/task-place.ts';
import type { ScheduleDefinition, ScheduleState } from '#shared/domain/schedule/schedule.ts';

/** The Schedules table, as something to go through from one end to the other, over many sweeps. */
export interface SweepStore {
  /**
   * Reads where the last sweep stopped.
   *
   * @returns `undefined` where the next one begins a round.
   */
  readCursor(): Promise<SweepCursor | undefined>;
  writeCursor(cursor: SweepCursor | undefined): Promise<void>;
  /**
   * Reads the states of schedules and tombstones, a little behind at times.
   *
   * @param after - What the page before gave as `next`.
   */
  page(after: string | undefined): Promise<SweepPage>;
  /**
   * Reads the definitions of schedules, a little behind at times, and without those that are not read at once.
   *
   * @param scheduleIds - Any number.
   */
  definitions(scheduleIds: readonly string[]): Promise<readonly ScheduleDefinition[]>;
  /**
   * Notes up to where a schedule's jobs are at rest.
   *
   * @param state - As it was read.
   * @returns `false` where it was written since, or a job was asked for.
   */
  moveSweptTo(state: ScheduleState, sweptTo: EpochSeconds): Promise<boolean>;
  /**
   * Reads how far the jobs that were submitted to a task are swept.
   *
   * @returns `undefined` where nobody has swept them.
   */
  readTaskPlace(taskId: string): Promise<TaskPlace | undefined>;
  writeTaskPlace(taskId: string, place: TaskPlace): Promise<void>;
  /**
   * Reads up to which schedule, by their ids, EventBridge's copies were compared last.
   *
   * @returns `undefined` where the next comparison begins at the beginning.
   */
  readComparedTo(): Promise<string | undefined>;
  writeComparedTo(scheduleId: string | undefined): Promise<void>;
  /**
   * Has a schedule projected again that EventBridge had followed; the generation stays.
   *
   * @param state - As it was read.
   * @returns `false` where it was written since, or has not been followed.
   */
  setPending(state: ScheduleState, at: EpochSeconds): Promise<boolean>;
}

/** How far a round of sweeps has come. */
export interface SweepCursor {
  /** What the last page gave as `next`. */
  readonly after: string;
  /** When the round began. */
  readonly roundAt: EpochSeconds;
}

export interface SweepPage {
  readonly states: readonly ScheduleState[];
  /** Absent at the end. */
  readonly next?: string;
}
