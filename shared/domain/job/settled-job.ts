import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import type { IndexValues } from '#shared/domain/result/index-value.ts';
import type { ResultState } from '#shared/domain/result/stored-result.ts';

/** A settled job as an index of all schedules' jobs shows it: without its error, its metadata and its result. */
export interface SettledJob {
  readonly key: JobKey;
  /** `daily-sales@20261123T090000Z`. */
  readonly id: string;
  readonly task: string;
  readonly outcome: Outcome;
  /** 0 on a job that was never run. */
  readonly attempt: number;
  readonly startedAt?: string;
  /** As ISO 8601, rounded up to the second. */
  readonly finishedAt: string;
  readonly durationMs?: number;
  readonly resultState?: ResultState;
  readonly resultBytes?: number;
  readonly isChanged?: true;
  readonly resultExpiresAt?: EpochSeconds;
  readonly expiresAt?: EpochSeconds;
  readonly indexes?: IndexValues;
  /** What of its metadata it can be found by, each as `team:sales`. */
  readonly tags: readonly string[];
}
