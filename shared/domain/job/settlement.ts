import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { JobError, JobState } from '#shared/domain/job/job.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import type { Expiry } from '#shared/domain/result/resolve-expiry.ts';
import type { StoredResult } from '#shared/domain/result/stored-result.ts';

/** How a job ended and what is kept of it: all that the settling write adds to the row. */
export interface Settlement {
  readonly outcome: Outcome;
  /** Rounded up to the second, so that nothing expires before its promised time. */
  readonly finishedAt: EpochSeconds;
  /** Absent where nothing ran. */
  readonly durationMs?: number;
  /** Absent leaves the error that the row has. */
  readonly error?: JobError;
  /** Absent where the job returned nothing, as after an error. */
  readonly result?: StoredResult;
  readonly expiry: Expiry;
}

/** What a job's row is made of before anything has run. */
export interface JobFacts {
  readonly key: JobKey;
  readonly task: string;
  readonly revision: number;
  readonly deliverBy: EpochSeconds;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A job as one invocation claims it. */
export interface ClaimedJob extends JobFacts {
  /** The attempt that is won, from 1. */
  readonly attempt: number;
  /** Random per invocation, so that a duplicate with the same request id is still another. */
  readonly owner: string;
  readonly startedAt: EpochSeconds;
  readonly leaseUntil: EpochSeconds;
}

/** The standing in which a row was last seen: a write goes through only while the row still stands so. */
export interface Fence {
  readonly state: JobState;
  readonly attempt: number;
  /** Absent on a row that nobody has claimed yet. */
  readonly owner?: string;
}

/** Who holds a row, as a refused write finds it. */
export interface JobStanding extends Fence {
  readonly leaseUntil?: EpochSeconds;
  /** Set on a settled row. */
  readonly outcome?: Outcome;
  /** How the attempt before ended; set on a `retrying` row. */
  readonly lastOutcome?: Outcome;
}
