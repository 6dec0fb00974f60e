import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';

/** Looks back at what a schedule's jobs have returned. */
export interface EarlierResults {
  /**
   * Finds the newest job before another whose result can be compared with its own, by strong reads: one row where the job before it
   * went well, and 111 rows at most.
   *
   * @returns `undefined` where there is none among them.
   * @throws {AlmanacError} `store.unavailable`.
   */
  before(key: JobKey, now: EpochSeconds): Promise<Job | undefined>;
}
