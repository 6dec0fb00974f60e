import type { JobKey } from '#shared/domain/job/job-key.ts';
import type { JobStanding } from '#shared/domain/job/settlement.ts';
import type { SlotGroup } from '#shared/domain/job/slot.ts';
import type { Start } from '#shared/domain/job/start.ts';

/** The jobs that wait for their turn, and those in whose way they are. */
export interface WaitingJobs {
  /**
   * Finds the start of the job that waits for one of these slots with the oldest fire time; a moment behind at times.
   *
   * @throws {AlmanacError} `store.unavailable`, as both methods do.
   */
  oldest(group: SlotGroup): Promise<Start | undefined>;
  /**
   * Reads strongly how a job stands.
   *
   * @returns `undefined` where it has no row.
   */
  standing(key: JobKey): Promise<JobStanding | undefined>;
}
