import type { ScheduleStatus } from '#shared/domain/job/decide-skip.ts';

/** Asks whether a schedule still wants to be fired. */
export interface ScheduleStatusReader {
  /**
   * Reads strongly.
   *
   * @throws {AlmanacError} `store.unavailable` after the client's own retries.
   */
  read(scheduleId: string): Promise<ScheduleStatus>;
}
