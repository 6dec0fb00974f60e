import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { type JobKey, jobId } from '#shared/domain/job/job-key.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import { RETRIED_OUTCOMES, type RetryPolicy } from '#shared/domain/job/policy.ts';
import { stableFraction } from '#shared/domain/stable-fraction.ts';

/** What a task itself says of another attempt: that none can succeed, or when the next should begin. */
export type RetryAdvice =
  | { readonly kind: 'never' }
  | { readonly kind: 'after'; readonly seconds: number };

/** An attempt that has failed, and what its job allows. */
export interface FailedTry {
  readonly key: JobKey;
  readonly outcome: Outcome;
  /** From 1. */
  readonly attempt: number;
  readonly retry: RetryPolicy | undefined;
  readonly advice?: RetryAdvice;
  readonly now: EpochSeconds;
  readonly deliverBy: EpochSeconds;
}

/**
 * Finds when a failed attempt is followed by another.
 *
 * The wait is anything up to `delay`, then up to `delay * factor`, and so on until `maxDelay` (full jitter), so that jobs that failed
 * together do not come back together. It is picked by the job and the attempt: whoever decides it again finds the same. A wait that
 * the task asks for is kept as it is, `maxDelay` or not.
 *
 * @returns `undefined` where the failure is final: by the policy, by the task, or as the next attempt would begin after `deliverBy`.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function nextAttemptAt(failed: FailedTry): EpochSeconds | undefined {
  const { outcome, attempt, retry, advice, now, deliverBy } = failed;
  if (!retry || attempt >= retry.maxAttempts || advice?.kind === 'never') return undefined;
  const retried: readonly Outcome[] = retry.on ?? RETRIED_OUTCOMES;
  if (!retried.includes(outcome)) return undefined;
  const wait = advice ? advice.seconds : waitSeconds(failed, retry);
  const at = now + Math.ceil(wait);
  return at <= deliverBy ? at : undefined;
}

function waitSeconds({ key, attempt }: FailedTry, retry: RetryPolicy): number {
  const longest = Math.min(retry.delay * retry.factor ** (attempt - 1), retry.maxDelay);
  return longest * (1 - stableFraction(`${jobId(key)}#${attempt}`));
}
