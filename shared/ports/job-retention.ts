import type { Job } from '#shared/domain/job/job.ts';
import type { HeldJob, KeepLast, OwnExpiry } from '#shared/domain/result/keep-last.ts';
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
  readonly expiry: OwnExpiry;
  /** Absent: the row has none afterwards. */
  readonly ownExpiry?: OwnExpiry;
  /** Set where its schedule holds the job by its number; absent: it does not, afterwards. */
  readonly keep?: KeepLast;
  /** Where the result's object lies now; absent: where it lay. */
  readonly payload?: PayloadPointer;
}

/** Finds and lets go the jobs that schedules hold beyond their own time. */
export interface HeldJobs {
  /**
   * Lists the held jobs of a schedule, newest first by fire time; those of the last moments may be missing, and those that have just been
   * let go may still be there.
   *
   * @throws {AlmanacError} `store.unavailable`, as {@link HeldJobs.letGo} does.
   */
  newest(scheduleId: string, limit: number): Promise<readonly ListedHeldJob[]>;
  /** Gives a job its own times back; one that is not held any more stays as it is. */
  letGo(job: HeldJob): Promise<void>;
}

/** A held job with what its schedule was to keep when it settled. */
export interface ListedHeldJob extends HeldJob {
  readonly keep: KeepLast;
}
