import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import type { ResultExpirationTime, StartPolicy } from '#shared/domain/job/policy.ts';
import { type AtExpiry, atExpiry } from '#shared/domain/result/at-expiry.ts';
import {
  holdingRule,
  type KeepLast,
  keepLastOf,
  type OwnExpiry,
} from '#shared/domain/result/keep-last.ts';
import { LONGEST_EXPIRATION_SECONDS } from '#shared/domain/result/payload-class.ts';
import type { RetentionRule, RetentionWord } from '#shared/domain/result/retention-rule.ts';

/** How long a record is kept where no result is, unless the policy says otherwise: one day. */
const DEFAULT_RECORD_EXPIRATION_SECONDS = 86_400;

/** When a job's result and its whole record are hidden, and from then on deleted. */
export interface Expiry extends AtExpiry {
  /** Absent where no result is kept. */
  readonly resultExpiresAt?: EpochSeconds;
  /** DynamoDB's TTL attribute; never before `resultExpiresAt`. */
  readonly expiresAt: EpochSeconds;
  readonly rule: RetentionRule;
  /** What the times become once the job is held no longer, by its schedule's `keepLast` or by a pin. */
  readonly ownExpiry?: OwnExpiry;
  /** Which jobs of its schedule are kept whatever their time; absent: none, and none ever was. */
  readonly keep?: KeepLast;
}

/**
 * Resolves a policy into the instants at which a job's result and record go, and says which rule decided.
 *
 *     finishedAt      deliverBy + lease         resultExpiresAt = expiresAt
 *       |── a late start could still come ──|── the result may be read ──|
 *
 * A job that its schedule keeps by its number is held for as long as the stack keeps anything; what its times would have been is kept
 * beside them.
 *
 * The record always outlives the last start that could come: its key is what makes a firing happen once.
 *
 * @param job.leaseSeconds - The longest that an attempt begun at `deliverBy` may hold the job.
 */
export function resolveExpiry(job: EndedJob): Expiry {
  const own = ownExpiryOf(job);
  const keep = keepLastOf(job.policy);
  if (!keep) return own;
  const rule = holdingRule(keep, job.outcome);
  if (!rule) return { ...own, keep };
  const until = job.finishedAt + longestOf(job.policy);
  return {
    resultExpiresAt: until,
    expiresAt: Math.max(until, own.expiresAt),
    rule,
    ...atExpiry(own),
    // With a time of its own of 0 it is hidden the moment that it is let go.
    ownExpiry: { resultExpiresAt: job.finishedAt, ...own },
    keep,
  };
}

interface EndedJob {
  readonly policy: StartPolicy;
  readonly outcome: Outcome;
  readonly finishedAt: EpochSeconds;
  readonly deliverBy: EpochSeconds;
  readonly leaseSeconds: number;
}

function longestOf({ longestExpirationTime }: StartPolicy): number {
  return longestExpirationTime ?? LONGEST_EXPIRATION_SECONDS;
}

function ownExpiryOf(job: EndedJob): OwnExpiry {
  const { policy, outcome, finishedAt, deliverBy, leaseSeconds } = job;
  const longest = longestOf(policy);
  const stated = resultTimeOf(policy.resultExpirationTime, outcome);
  const resultSeconds = Math.min(stated.seconds, longest);
  const recordSeconds =
    policy.recordExpirationTime ?? (resultSeconds || DEFAULT_RECORD_EXPIRATION_SECONDS);
  const keptSeconds = Math.max(resultSeconds, Math.min(recordSeconds, longest));
  return {
    ...(resultSeconds > 0 && { resultExpiresAt: finishedAt + resultSeconds }),
    expiresAt: Math.max(finishedAt + keptSeconds, deliverBy + leaseSeconds),
    rule:
      stated.seconds > longest
        ? 'stack:maximum'
        : `${policy.resultExpirationFrom ?? 'schedule'}:${stated.by}`,
    ...atExpiry(policy),
  };
}

/** Finds how many seconds the result of such an outcome is kept, and by which word; a time-out counts as an error. */
function resultTimeOf(
  times: ResultExpirationTime,
  outcome: Outcome,
): { readonly seconds: number; readonly by: RetentionWord } {
  if (typeof times === 'number') return { seconds: times, by: 'default' };
  const by = wordFor(outcome);
  const seconds = times[by];
  return seconds === undefined ? { seconds: times.default, by: 'default' } : { seconds, by };
}

function wordFor(outcome: Outcome): RetentionWord {
  if (outcome === 'success') return 'success';
  return outcome === 'error' || outcome === 'timed-out' ? 'error' : 'default';
}
