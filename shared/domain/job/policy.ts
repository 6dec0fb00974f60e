import type { Overlap } from '#shared/domain/job/overlap.ts';
import type { IndexPaths } from '#shared/domain/result/index-value.ts';
import type { Redaction } from '#shared/domain/result/redaction.ts';
import type { ResultMetric } from '#shared/domain/rollup/result-metric.ts';

/**
 * What of a schedule's policies travels with each start, so that running a job needs no second read. Durations in whole seconds;
 * an absent one has the default beside it.
 */
export interface StartPolicy {
  readonly resultExpirationTime: ResultExpirationTime;
  /** Who stated `resultExpirationTime`; absent: the schedule. */
  readonly resultExpirationFrom?: RetentionSource;
  /** The stack's maximum, where it is less than ten years; no expiration time counts for more. */
  readonly longestExpirationTime?: number;
  /** How long the record outlives the finish; absent: the result's own time, or a day where no result is kept. */
  readonly recordExpirationTime?: number;
  /** The newest so many jobs are held beyond their time; 0: none any more, though some once were. */
  readonly keepLast?: number;
  /** The newest job that went well is held beyond its time. */
  readonly keepLastSuccess?: boolean;
  /** The event bus tells beforehand that a result is about to expire. */
  readonly announceExpiry?: boolean;
  /** What has expired is kept in the archive for so many days; absent: it is not archived. */
  readonly archiveDays?: number;
  /** Absent: `always`. With `on-error` a job that went well leaves its record alone; `on-change` flags a result that is as the last was. */
  readonly persist?: Persist;
  /** A JMESPath: what it finds in a result is stored in its place. */
  readonly select?: string;
  /** What is taken out of a result before anything else is done with it. */
  readonly redact?: Redaction;
  /** How late a start may still begin, from the fire time; absent: {@link DEFAULT_CATCH_UP_WINDOW_SECONDS}. */
  readonly catchUpWindow?: number;
  /** How late a regular firing may still begin, where that is less than `catchUpWindow`: a later one is settled `missed`. */
  readonly misfireGraceTime?: number;
  /** Seconds until an attempt's signal aborts; absent: what the task's own limit leaves. */
  readonly timeoutSeconds?: number;
  /** A job is begun up to this much after its fire time, each its own time; absent: at its fire time. */
  readonly maxJitter?: number;
  /** Absent: a failed attempt is final. */
  readonly retry?: RetryPolicy;
  /** What becomes of a job while another of its schedule has not ended; absent: both run. */
  readonly overlap?: Overlap;
  /** What of its result a job is found by. */
  readonly indexes?: IndexPaths;
  /** Which numbers of its result are summed up by hour and day. */
  readonly metrics?: readonly ResultMetric[];
  /** How long these sums are kept; absent: {@link DEFAULT_METRICS_EXPIRATION_SECONDS}. */
  readonly metricsExpirationTime?: number;
}

/** Which results of successes are stored; the first is the default. */
export const PERSISTS = ['always', 'on-error', 'on-change'] as const;

export type Persist = (typeof PERSISTS)[number];

/** Who may state an expiration time besides a schedule: its task, the stack, or whoever submits a job without a schedule. */
export const RETENTION_SOURCES = ['task', 'stack', 'job'] as const;

export type RetentionSource = (typeof RETENTION_SOURCES)[number];

/** Seconds a result is kept from the job's finish; one number, or by outcome with a default. 0 stores none. */
export type ResultExpirationTime =
  | number
  | { readonly success?: number; readonly error?: number; readonly default: number };

/** When a failed attempt is followed by another. */
export interface RetryPolicy {
  /** All attempts counted, the first included: 1 to 100. */
  readonly maxAttempts: number;
  /** The most seconds before the second attempt; the wait is spread over all of them. */
  readonly delay: number;
  /** What the bound of each further wait is multiplied by, at least 1. */
  readonly factor: number;
  /** No wait is longer, in seconds. */
  readonly maxDelay: number;
  /** Which ends of an attempt are followed by another; absent: all of {@link RETRIED_OUTCOMES}. */
  readonly on?: readonly RetriedOutcome[];
}

/** Ends of an attempt that another may follow; `abandoned` is one whose invocation died. */
export const RETRIED_OUTCOMES = ['error', 'timed-out', 'abandoned'] as const;

export type RetriedOutcome = (typeof RETRIED_OUTCOMES)[number];

/** The default of {@link StartPolicy.catchUpWindow}: one hour. */
export const DEFAULT_CATCH_UP_WINDOW_SECONDS = 3_600;

/**
 * EventBridge Scheduler keeps trying an event for at most this long.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
 */
export const LONGEST_CATCH_UP_WINDOW_SECONDS = 86_400;

/** The least, for the same reason; a `misfireGraceTime` has it too, as EventBridge may deliver a minute late. */
export const SHORTEST_CATCH_UP_WINDOW_SECONDS = 60;
