import type { ScheduleState } from '#shared/domain/schedule/schedule.ts';

/** The Schedules table, as something to go through from one end to the other, over many sweeps. */
export interface SweepStore {
  /**
   * Reads where the last sweep stopped.
   *
   * @returns `undefined` where the next one begins at the beginning.
   */
  readCursor(): Promise<string | undefined>;
  writeCursor(cursor: string | undefined): Promise<void>;
  /**
   * Reads the states of schedules and tombstones, a little behind at times.
   *
   * @param after - What the page before gave as `next`.
   */
  page(after: string | undefined): Promise<SweepPage>;
}

export interface SweepPage {
  readonly states: readonly ScheduleState[];
  /** Absent at the end. */
  readonly next?: string;
}
