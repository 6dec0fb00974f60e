import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';
import type { SweptRow } from '#shared/domain/job/open-job.ts';

/** The Jobs table, as the sweep looks at it: what has settled is only seen to be there. */
export interface SweptJobs {
  /**
   * Reads the jobs of one partition by their fire times, a little behind at times.
   *
   * @param range - Both inclusive.
   * @throws {AlmanacError} `store.unavailable`.
   */
  between(
    scheduleId: string,
    range: { readonly from: EpochSeconds; readonly to: EpochSeconds },
  ): Promise<SweptRows>;
  /** Reads one job, in the same way. */
  find(key: JobKey): Promise<SweptRow | undefined>;
}

export interface SweptRows {
  /** In order of their keys. */
  readonly rows: readonly SweptRow[];
  /** Up to and including which instant these are all; the end of the range, unless there were too many. */
  readonly to: EpochSeconds;
}
