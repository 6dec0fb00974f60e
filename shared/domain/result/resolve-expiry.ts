import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import type { ResultExpirationTime, StartPolicy } from '#shared/domain/job/policy.ts';

/** How long a record is kept where no result is, unless the policy says otherwise: one day. */
const DEFAULT_RECORD_EXPIRATION_SECONDS = 86_400;

/** When a job's result and its whole record are hidden, and from then on deleted. */
export interface Expiry {
  /** Absent where no result is kept. */
  readonly resultExpiresAt?: EpochSeconds;
  /** DynamoDB's TTL attribute; never before `resultExpiresAt`. */
  readonly expiresAt: EpochSeconds;
}

/**
 * Resolves a policy into the instants at which a job's result and record go.
 *
 *     finishedAt      deliverBy + lease         resultExpiresAt = expiresAt
 *       |── a late start could still come ──|── the result may be read ──|
 *
 * The record always outlives the last start that could come: its key is what makes a firing happen once.
 *
 * @param job.leaseSeconds - The longest that an attempt begun at `deliverBy` may hold the job.
 */
export function resolveExpiry(job: {
  readonly policy: StartPolicy;
  readonly outcome: Outcome;
  readonly finishedAt: EpochSeconds;
  readonly deliverBy: EpochSeconds;
  readonly leaseSeconds: number;
}): Expiry {
  const { policy, outcome, finishedAt, deliverBy, leaseSeconds } = job;
  const resultSeconds = resultSecondsOf(policy.resultExpirationTime, outcome);
  const recordSeconds =
    policy.recordExpirationTime ?? (resultSeconds || DEFAULT_RECORD_EXPIRATION_SECONDS);
  const keptSeconds = Math.max(resultSeconds, recordSeconds);
  return {
    ...(resultSeconds > 0 && { resultExpiresAt: finishedAt + resultSeconds }),
    expiresAt: Math.max(finishedAt + keptSeconds, deliverBy + leaseSeconds),
  };
}

/** Finds how many seconds the result of such an outcome is kept; a time-out counts as an error. */
function resultSecondsOf(times: ResultExpirationTime, outcome: Outcome): number {
  if (typeof times === 'number') return times;
  if (outcome === 'success') return times.success ?? times.default;
  if (outcome === 'error' || outcome === 'timed-out') return times.error ?? times.default;
  return times.default;
}
