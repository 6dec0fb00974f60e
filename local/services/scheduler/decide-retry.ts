import { DEFAULT_RETRY_POLICY } from '#local/services/scheduler/define-schedule.ts';
import type { TargetMembers } from '#local/services/scheduler/schedule-members.ts';
import type { RetryBackoff } from '#local/services/scheduler/undocumented-choices.ts';

/** What becomes of an event that could not be delivered. */
export type RetryDecision =
  | { readonly kind: 'retry'; readonly atMs: number }
  | { readonly kind: 'give-up'; readonly exhausted: ExhaustedRetryCondition };

/** Which bound of a retry policy was reached, as a dead letter names it. */
export type ExhaustedRetryCondition = 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';

/** An attempt that failed and may be repeated. */
export interface FailedAttempt {
  /** Counted from 1. */
  readonly attemptNumber: number;
  /** When the event was sent first. */
  readonly startedMs: number;
  readonly nowMs: number;
}

/**
 * Decides whether an event is sent again, and when.
 *
 * An attempt that would come after the event's maximum age is not waited for.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
 */
export function decideRetry(
  { attemptNumber, startedMs, nowMs }: FailedAttempt,
  given: TargetMembers['RetryPolicy'],
  backoff: RetryBackoff,
): RetryDecision {
  const {
    MaximumRetryAttempts = DEFAULT_RETRY_POLICY.MaximumRetryAttempts,
    MaximumEventAgeInSeconds = DEFAULT_RETRY_POLICY.MaximumEventAgeInSeconds,
  } = given ?? {};
  const retriesMade = attemptNumber - 1;
  if (retriesMade >= MaximumRetryAttempts)
    return { kind: 'give-up', exhausted: 'MaximumRetryAttempts' };
  const waitMs = Math.min(backoff.firstMs * backoff.factor ** retriesMade, backoff.maxMs);
  const atMs = nowMs + waitMs;
  return atMs > startedMs + MaximumEventAgeInSeconds * 1000
    ? { kind: 'give-up', exhausted: 'MaximumEventAgeInSeconds' }
    : { kind: 'retry', atMs };
}
