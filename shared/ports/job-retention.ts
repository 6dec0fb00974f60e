import type { Job } from '#shared/domain/job/job.ts';
import type { Expiry } from '#shared/domain/result/resolve-expiry.ts';
import type { PayloadPointer } from '#shared/domain/result/stored-result.ts';

/** Changes how long settled jobs are kept. */
export interface JobRetention {
  /**
   * Writes a job's times, while they and its object are as they were read.
   *
   * @returns `false` where they are not any more, or the row has gone.
   * @throws {AlmanacError} `store.unavailable`.
   */
  change(seen: Job, to: NewTimes): Promise<boolean>;
}

/** What a change of a job's times writes. */
export interface NewTimes {
  readonly expiry: Expiry;
  /** Absent: the row has none afterwards. */
  readonly ownExpiry?: Expiry;
  /** Where the result's object lies now; absent: where it lay. */
  readonly payload?: PayloadPointer;
}
