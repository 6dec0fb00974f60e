import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { InputSource } from '#shared/domain/input/input-source.ts';
import type { EndedAttempt } from '#shared/domain/job/ended-attempt.ts';
import type { JobError, JobState } from '#shared/domain/job/job.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import type { SlotGroup } from '#shared/domain/job/slot.ts';
import type { IndexValues } from '#shared/domain/result/index-value.ts';
import type { Expiry } from '#shared/domain/result/resolve-expiry.ts';
import type { StoredResult } from '#shared/domain/result/stored-result.ts';
import type { MeasuredResult } from '#shared/domain/rollup/result-metric.ts';

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
  /** What of the result the job is found by, where its schedule has declared indexes. */
  readonly indexes?: IndexValues;
  /** What of the result is counted, where its schedule has declared metrics and the result has such numbers. */
  readonly metrics?: MeasuredResult;
  /** All attempts, this one included; absent where it is the only one. */
  readonly attempts?: readonly EndedAttempt[];
  readonly expiry: Expiry;
  /** When it is written, where that may be long after the finish; absent: then. */
  readonly writtenAt?: EpochSeconds;
}

/** What a job's row is made of before anything has run. */
export interface JobFacts {
  readonly key: JobKey;
  readonly task: string;
  readonly revision: number;
  readonly deliverBy: EpochSeconds;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A job that is settled as its row is made. */
export interface SettledFacts extends JobFacts {
  /** How often it was tried without a row, by a function that claims nothing; absent: it was never run. */
  readonly attempt?: number;
}

/** How an attempt failed that is followed by another. */
export interface FailedAttempt {
  readonly error: JobError;
  /** When the next attempt is due. */
  readonly retryAt: EpochSeconds;
  /** All attempts so far, the failed one last. */
  readonly attempts: readonly EndedAttempt[];
}

/** A job as one invocation claims it. */
export interface ClaimedJob extends JobFacts {
  /** The attempt that is won, from 1. */
  readonly attempt: number;
  /** Random per invocation, so that a duplicate with the same request id is still another. */
  readonly owner: string;
  readonly startedAt: EpochSeconds;
  readonly leaseUntil: EpochSeconds;
  /** How the attempts before it ended; absent for the first. */
  readonly attempts?: readonly EndedAttempt[];
  /** Where parts of its input came from, once that has been noted; absent where it refers to no result. */
  readonly inputs?: readonly InputSource[];
}

/** The standing in which a row was last seen: a write goes through only while the row still stands so. */
export interface Fence {
  readonly state: JobState;
  readonly attempt: number;
  /** Absent on a row that nobody has claimed yet. */
  readonly owner?: string;
}

/** A job that has to wait for its turn, in the meantime of two looks. */
export interface Waiting {
  /** The slots that were all held when it last asked. */
  readonly waitingFor: SlotGroup;
  /** When its start comes again, if nobody sends it before. */
  readonly lookAgainAt: EpochSeconds;
}

/** Who holds a row, as a refused write finds it. */
export interface JobStanding extends Fence, Partial<Waiting> {
  readonly leaseUntil?: EpochSeconds;
  /** Someone has cancelled the job while it ran. */
  readonly isCancelRequested?: true;
  /** Set on a settled row. */
  readonly outcome?: Outcome;
  /** When the latest attempt began, as ISO 8601. */
  readonly startedAt?: string;
  /** How attempts ended; the last entry of a `retrying` row is the attempt that it waits after. */
  readonly attempts?: readonly EndedAttempt[];
}
