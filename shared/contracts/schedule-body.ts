import * as z from 'zod';
import { archive } from '#shared/contracts/archive.ts';
import { duration } from '#shared/contracts/duration.ts';
import { metrics, metricsExpirationTime } from '#shared/contracts/metrics.ts';
import { persist, redact, select } from '#shared/contracts/result-shape.ts';
import {
  announceExpiry,
  keepLast,
  keepLastSuccess,
  recordExpirationTime,
  resultExpirationTime,
} from '#shared/contracts/retention.ts';
import { ID_PATTERN } from '#shared/domain/job/job-key.ts';
import { OVERLAPS } from '#shared/domain/job/overlap.ts';
import {
  LONGEST_CATCH_UP_WINDOW_SECONDS,
  RETRIED_OUTCOMES,
  SHORTEST_CATCH_UP_WINDOW_SECONDS,
} from '#shared/domain/job/policy.ts';
import {
  INDEX_NAME_PATTERN,
  LONGEST_INDEX_PATH,
  MOST_INDEXES,
} from '#shared/domain/result/index-value.ts';
import { utf8Bytes } from '#shared/domain/result/utf8.ts';
import { COALESCE, MOST_FAILURES } from '#shared/domain/schedule/schedule-policy.ts';

/** An attempt runs at most as long as Lambda lets a function run. See https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html */
const LONGEST_TIMEOUT_SECONDS = 900;

/** No wait between attempts can be longer than a start may be late. */
const LONGEST_RETRY_DELAY_SECONDS = LONGEST_CATCH_UP_WINDOW_SECONDS;

/** More metadata than this many bytes would be paid for with each job. */
const LARGEST_METADATA_BYTES = 1_024;

const id = z
  .string()
  .regex(ID_PATTERN)
  .meta({ description: 'Chosen by you; made up when absent.', examples: ['daily-sales'] });

const retry = z.strictObject({
  maxAttempts: z.int().min(1).max(100),
  delay: duration('retry.delay', { min: 1, max: LONGEST_RETRY_DELAY_SECONDS }).default(30),
  factor: z.number().min(1).max(10).default(2),
  maxDelay: duration('retry.maxDelay', { min: 1, max: LONGEST_RETRY_DELAY_SECONDS }).default(900),
  on: z
    .array(z.enum(RETRIED_OUTCOMES))
    .min(1)
    .max(RETRIED_OUTCOMES.length)
    .meta({ description: 'Which ends of an attempt are followed by another; all when absent.' })
    .exactOptional(),
});

/** What becomes of a job that is due while another of its schedule has not ended. */
export const overlap = z.enum(OVERLAPS).meta({
  description:
    'What becomes of a job that is due while another of its schedule has not ended: both run; it is left out; it waits, one or all; the other is asked to end, or ended.',
});

const indexes = z
  .record(z.string().regex(INDEX_NAME_PATTERN), z.string().min(1).max(LONGEST_INDEX_PATH))
  .refine((paths) => Object.keys(paths).length <= MOST_INDEXES, {
    error: `Expected \`indexes\` to be ${MOST_INDEXES} at most, as every job carries them.`,
  })
  .meta({
    description:
      'What of its result each job is found by: a JMESPath for each name, to a text, a number or a boolean.',
    examples: [{ status: 'status', total: 'summary.total' }],
  });

const metadata = z
  .record(z.string().max(128), z.unknown())
  .refine((value) => utf8Bytes(JSON.stringify(value)) <= LARGEST_METADATA_BYTES, {
    error: `Expected \`metadata\` to be at most ${LARGEST_METADATA_BYTES} bytes as JSON, as every job carries it.`,
  });

/** The policies of a schedule, as a body states them; an absent one is the task's default, then Almanac's. */
const policies = {
  resultExpirationTime: resultExpirationTime.exactOptional(),
  recordExpirationTime: recordExpirationTime.exactOptional(),
  keepLast: keepLast.exactOptional(),
  keepLastSuccess: keepLastSuccess.exactOptional(),
  archive: archive.exactOptional(),
  announceExpiry: announceExpiry.exactOptional(),
  persist: persist.exactOptional(),
  select: select.exactOptional(),
  redact: redact.exactOptional(),
  catchUpWindow: duration('catchUpWindow', {
    min: SHORTEST_CATCH_UP_WINDOW_SECONDS,
    max: LONGEST_CATCH_UP_WINDOW_SECONDS,
  }).exactOptional(),
  misfireGraceTime: duration('misfireGraceTime', {
    min: SHORTEST_CATCH_UP_WINDOW_SECONDS,
    max: LONGEST_CATCH_UP_WINDOW_SECONDS,
  }).exactOptional(),
  coalesce: z
    .enum(COALESCE)
    .meta({ description: 'Which fire times are started of several that have passed while late.' })
    .exactOptional(),
  maxJobs: z
    .int()
    .min(1)
    .meta({ description: 'The schedule ends with the start of this many jobs.' })
    .exactOptional(),
  pauseAfterFailures: z
    .int()
    .min(1)
    .max(MOST_FAILURES)
    .meta({ description: 'The schedule pauses itself when this many jobs in a row have failed.' })
    .exactOptional(),
  maxJitter: duration('maxJitter', { min: 0, max: LONGEST_CATCH_UP_WINDOW_SECONDS })
    .meta({
      description:
        'Each job is begun up to this long after its fire time, at an instant of its own: seconds, or text as "90s". It is cut where `catchUpWindow` is hardly longer.',
    })
    .exactOptional(),
  timeout: duration('timeout', { min: 1, max: LONGEST_TIMEOUT_SECONDS }).exactOptional(),
  retry: retry.exactOptional(),
  overlap: overlap.exactOptional(),
  indexes: indexes.exactOptional(),
  metrics: metrics.exactOptional(),
  metricsExpirationTime: metricsExpirationTime
    .meta({
      description:
        'How long sums of `metrics` are kept after the last job in them: seconds, or text as "400d", from 1 day to 3660; 400 days when absent.',
    })
    .exactOptional(),
};

const fields = {
  task: z.string().min(1).max(64),
  trigger: z.record(z.string(), z.unknown()).meta({
    description: 'When to fire; see the kinds of trigger in the documentation.',
    examples: [{ kind: 'cron', expression: 'cron(0 9 ? * MON-FRI *)', timeZone: 'Europe/Berlin' }],
  }),
  // Any JSON: the task's own schema says what it may be.
  input: z
    .unknown()
    .default({})
    .meta({ description: 'What the task gets, by the schema of the task.' }),
  ...policies,
  metadata: metadata.default({}),
};

/** The body of `POST /v1/schedules`. */
export const newScheduleBody = z.strictObject({ id: id.exactOptional(), ...fields });

const readOnly = z.unknown().optional().meta({ readOnly: true });

/** What GET adds to what was written. */
const readOnlyFields = {
  revision: readOnly,
  sync: readOnly,
  paused: readOnly,
  nextFireTime: readOnly,
  createdAt: readOnly,
  updatedAt: readOnly,
};

/** The names of the fields that Almanac alone writes. */
export const READ_ONLY_FIELDS: ReadonlySet<string> = new Set(Object.keys(readOnlyFields));

/** The body of `PATCH /v1/schedules/{id}`; what it makes of the schedule is checked as the body of a PUT is. */
export const schedulePatch = z.record(z.string(), z.unknown()).meta({
  description:
    'A JSON merge patch (RFC 7396) of what GET gives: members of objects are merged, null takes one out, and the default of the task is back; lists are replaced.',
  examples: [{ trigger: { timeZone: 'Europe/Berlin' }, retry: null }],
});

/**
 * The body of `PUT /v1/schedules/{id}`: all of the schedule. What GET adds is accepted and left out, so that what was read can be
 * changed and sent back.
 */
export const scheduleBody = z
  .strictObject({
    ...newScheduleBody.shape,
    ...readOnlyFields,
  })
  .transform((body): z.output<typeof newScheduleBody> => {
    const {
      revision: _r,
      sync: _s,
      paused: _p,
      nextFireTime: _n,
      createdAt: _c,
      updatedAt: _u,
      ...rest
    } = body;
    return rest;
  });

/** The policies that a task may set for all its schedules. */
export const policyDefaults = z.strictObject(policies);
