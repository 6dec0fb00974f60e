import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import type { RetryPolicy } from '#shared/domain/job/policy.ts';

/** Ends of an attempt that another may follow; `abandoned` is one whose invocation died. */
const RETRIED: readonly Outcome[] = ['error', 'timed-out', 'abandoned'];

/**
 * Finds when a failed attempt is followed by another: after `delay`, then `delay * factor`, and so on up to `maxDelay`.
 *
 * @param failed.attempt - The attempt that failed, from 1.
 * @returns `undefined` where the failure is final: by the policy, or as the next attempt would begin after `deliverBy`.
 */
export function nextAttemptAt(failed: {
  readonly outcome: Outcome;
  readonly attempt: number;
  readonly retry: RetryPolicy | undefined;
  readonly now: EpochSeconds;
  readonly deliverBy: EpochSeconds;
}): EpochSeconds | undefined {
  const { outcome, attempt, retry, now, deliverBy } = failed;
  if (!RETRIED.includes(outcome)) return undefined;
  if (!retry || attempt >= retry.maxAttempts) return undefined;
  const wait = Math.min(retry.delay * retry.factor ** (attempt - 1), retry.maxDelay);
  const at = now + Math.ceil(wait);
  return at <= deliverBy ? at : undefined;
}
