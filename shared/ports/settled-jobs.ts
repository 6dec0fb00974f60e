import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { JobFilter } from '#shared/domain/job/job-filter.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';
import type { SettledJob } from '#shared/domain/job/settled-job.ts';
import type { ReadCost } from '#shared/domain/read-cost.ts';

/** What is to be read of one shard of a day. */
export interface ShardReading {
  /** From 0 to 15. */
  readonly shard: number;
  /** The first and the last second in which the jobs finished, both of one day. */
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
  /** Reads the index of failures, which leaves all else out unread. */
  readonly isOfFailures: boolean;
  readonly filter: JobFilter;
  /** Jobs whose `expiresAt` is not later are left out. */
  readonly now: EpochSeconds;
  /** How many entries are looked at, those that are left out included. */
  readonly limit: number;
  /** An entry of this shard, which finished within the bounds, to go on after. */
  readonly after?: EntryPlace;
}

/** Where in a shard an entry lies. */
export interface EntryPlace {
  readonly finishedAt: string;
  readonly key: JobKey;
}

/** What was found in a shard. */
export interface ShardPage {
  /** Newest first. */
  readonly jobs: readonly SettledJob[];
  /** The last entry that was looked at; absent at the end of the shard. */
  readonly last?: EntryPlace;
  readonly cost: ReadCost;
}

/** Reads settled jobs of all schedules, by the day on which they finished. */
export interface SettledJobs {
  /**
   * Reads on in one shard; what has just settled may be missing for a moment.
   *
   * @throws {AlmanacError} `store.unavailable`.
   */
  read(reading: ShardReading): Promise<ShardPage>;
}
