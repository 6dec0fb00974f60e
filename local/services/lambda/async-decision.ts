/** How a function takes its asynchronous events. See https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
export interface EventInvokeConfig {
  /** Retries after function errors: 0 to 2. */
  readonly maximumRetryAttempts: number;
  /** 60 to 21,600. */
  readonly maximumEventAgeSeconds: number;
  /** ARN of a queue. */
  readonly onFailure: string | undefined;
  readonly onSuccess: string | undefined;
}

/** Lambda's own, where a function has no configuration. */
export const DEFAULT_EVENT_INVOKE_CONFIG: EventInvokeConfig = {
  maximumRetryAttempts: 2,
  maximumEventAgeSeconds: 21_600,
  onFailure: undefined,
  onSuccess: undefined,
};

/** What has become of an event so far. */
export interface EventProgress {
  readonly acceptedAtMs: number;
  /** Invocations that reached the function and failed. */
  readonly failures: number;
  /** Refusals for want of concurrency since the last invocation. */
  readonly throttles: number;
}

export type AttemptEnd =
  | 'success'
  | 'function-error'
  | 'throttled'
  | 'zero-reserved-concurrency'
  /** Its age was exceeded before it reached the function. */
  | 'expired';

/** Why Lambda lets go of an event; the words are those of its destination records. */
export type EventCondition =
  | 'Success'
  | 'RetriesExhausted'
  | 'EventAgeExceeded'
  | 'ZeroReservedConcurrency';

export type EventDecision =
  | { readonly kind: 'finished'; readonly condition: EventCondition }
  | { readonly kind: 'waiting'; readonly untilMs: number; readonly progress: EventProgress };

const MINUTE_MS = 60_000;
const SHORTEST_THROTTLE_MS = 1000;
const LONGEST_THROTTLE_MS = 5 * MINUTE_MS;

/**
 * Decides what follows an attempt at an asynchronous event: function errors are retried after one minute, then two;
 * throttles back off from one second to five minutes. An event whose next attempt would come past its age is given up
 * at once.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function decideAfterAttempt(
  attempt: { readonly end: AttemptEnd; readonly nowMs: number },
  progress: EventProgress,
  config: EventInvokeConfig,
): EventDecision {
  const { end, nowMs } = attempt;
  if (end === 'success') return { kind: 'finished', condition: 'Success' };
  if (end === 'zero-reserved-concurrency')
    return { kind: 'finished', condition: 'ZeroReservedConcurrency' };
  if (end === 'expired') return { kind: 'finished', condition: 'EventAgeExceeded' };
  const next = end === 'function-error' ? afterFailure(progress) : afterThrottle(progress);
  if (end === 'function-error' && progress.failures >= config.maximumRetryAttempts)
    return { kind: 'finished', condition: 'RetriesExhausted' };
  const untilMs = nowMs + next.delayMs;
  if (isExpired(progress, config, untilMs))
    return { kind: 'finished', condition: 'EventAgeExceeded' };
  return { kind: 'waiting', untilMs, progress: next.progress };
}

/** Tells whether an event is past its age at an instant. */
export function isExpired(
  { acceptedAtMs }: Pick<EventProgress, 'acceptedAtMs'>,
  { maximumEventAgeSeconds }: EventInvokeConfig,
  atMs: number,
): boolean {
  return atMs > acceptedAtMs + maximumEventAgeSeconds * 1000;
}

interface Next {
  readonly delayMs: number;
  readonly progress: EventProgress;
}

function afterFailure(progress: EventProgress): Next {
  const failures = progress.failures + 1;
  return { delayMs: failures * MINUTE_MS, progress: { ...progress, failures, throttles: 0 } };
}

function afterThrottle(progress: EventProgress): Next {
  const delayMs = Math.min(SHORTEST_THROTTLE_MS * 2 ** progress.throttles, LONGEST_THROTTLE_MS);
  return { delayMs, progress: { ...progress, throttles: progress.throttles + 1 } };
}
