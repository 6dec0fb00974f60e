import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { InputSource } from '#shared/domain/input/input-source.ts';
import type { CancelRequest } from '#shared/domain/job/cancel-request.ts';
import type { EndedAttempt } from '#shared/domain/job/ended-attempt.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import type { Progress } from '#shared/domain/job/progress.ts';
import type { SlotGroup } from '#shared/domain/job/slot.ts';
import type { AtExpiry } from '#shared/domain/result/at-expiry.ts';
import type { IndexValues } from '#shared/domain/result/index-value.ts';
import type { KeepLast, OwnExpiry } from '#shared/domain/result/keep-last.ts';
import type { RetentionRule } from '#shared/domain/result/retention-rule.ts';
import type { ResultContent, ResultState } from '#shared/domain/result/stored-result.ts';
import type { MeasuredResult } from '#shared/domain/rollup/result-metric.ts';

/** Where a job stands: waiting for its turn, being run, waiting for its next attempt, or ended for good. */
export const JOB_STATES = ['queued', 'running', 'retrying', 'settled'] as const;

export type JobState = (typeof JOB_STATES)[number];

/** A job as its row in the Jobs table tells it. An entry of a list has no `content`, `owner` and `leaseUntil`. */
export interface Job extends AtExpiry {
  readonly key: JobKey;
  /** `daily-sales@20261123T090000Z`. */
  readonly id: string;
  readonly task: string;
  readonly state: JobState;
  /** The latest attempt, from 1; 0 while the job is queued. */
  readonly attempt: number;
  /** The schedule's revision that it was started with. */
  readonly revision: number;
  /** After this instant no start begins the job. */
  readonly deliverBy: EpochSeconds;
  /** When the latest attempt began, as ISO 8601; absent on a job that never ran. */
  readonly startedAt?: string;
  /** When it settled, as ISO 8601, rounded up to the second. */
  readonly finishedAt?: string;
  /** How long the last attempt ran. */
  readonly durationMs?: number;
  /** Set once the job has settled. */
  readonly outcome?: Outcome;
  /** What went wrong, or why the job was not run. */
  readonly error?: JobError;
  /** How the last five attempts ended, oldest first; absent where there was but one, which the rest of the row tells of. */
  readonly attempts?: readonly EndedAttempt[];
  /** When the next attempt is due, as ISO 8601; set while the job is retrying. */
  readonly retryAt?: string;
  /** The slots that a job waits for which has to wait for its turn. */
  readonly waitingFor?: SlotGroup;
  /** When the start of a job that waits comes again, if nobody sends it before. */
  readonly lookAgainAt?: EpochSeconds;
  /** What the running attempt last said of itself. */
  readonly progress?: Progress;
  /** Set once someone has cancelled the job while it ran; it may still end otherwise. */
  readonly cancelRequested?: CancelRequest;
  /** Where parts of the latest attempt's input came from; absent where it refers to no result. */
  readonly inputs?: readonly InputSource[];
  readonly metadata: Readonly<Record<string, unknown>>;
  /** What became of the result; absent where the job returned none. */
  readonly resultState?: ResultState;
  /** Why a result was not kept: `unserializable`, or `not-selected`. */
  readonly resultReason?: string;
  /** The length of the result's JSON in bytes, before any compression. */
  readonly resultBytes?: number;
  /** What of its result the job is found by. */
  readonly indexes?: IndexValues;
  /** What of its result is counted by its schedule's metrics. */
  readonly metrics?: MeasuredResult;
  /** SHA-256 of the result's canonical JSON, in hexadecimal; where its schedule wants changes to be seen. */
  readonly resultHash?: string;
  /** The id of the job that first had this result, of those in a row; on an `unchanged` one. */
  readonly sameAs?: string;
  /** Its result is not that of the success before; where its schedule wants changes to be seen. */
  readonly isChanged?: true;
  readonly content?: ResultContent;
  /** From this instant on the result is hidden. */
  readonly resultExpiresAt?: EpochSeconds;
  /** From this instant on the whole job is hidden, and DynamoDB deletes it within days. */
  readonly expiresAt?: EpochSeconds;
  /** Whose word set the two times, as `schedule:success`; set once the job has settled. */
  readonly retentionRule?: RetentionRule;
  /** The day on which it expires and one of its shards, as `2026-11-23#7`; on a job that something happens to then. */
  readonly expiryDay?: string;
  /** The instant, as ISO 8601. */
  readonly expiryAt?: string;
  /** When it was put back from the archive, as ISO 8601; absent: it never was. */
  readonly restoredAt?: string;
  /** The times that a pinned or held job goes back to when it is let go. */
  readonly ownExpiry?: OwnExpiry;
  /** Which jobs of its schedule were to be kept by their number as it settled. */
  readonly keep?: KeepLast;
  /** Set while the job is held by its schedule: its id. */
  readonly heldBy?: string;
  /** Names the invocation that won the latest attempt. */
  readonly owner?: string;
  /** Until when the owner is taken to be alive; absent unless the job is running. */
  readonly leaseUntil?: EpochSeconds;
}

/** What a job's end is explained by; bounded, so that a failure's row stays within two write units. */
export interface JobError {
  readonly name: string;
  /** At most 384 bytes, the messages of the error's causes included. */
  readonly message: string;
  /** At most 1,024 bytes of stack frames. */
  readonly stack?: string;
}
