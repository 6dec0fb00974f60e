import * as z from 'zod';
import { shown } from '#shared/contracts/faults-of.ts';
import { indexConditions } from '#shared/contracts/index-conditions.ts';
import { instant } from '#shared/contracts/instant.ts';
import { instantOrDay } from '#shared/contracts/instant-or-day.ts';
import { pageQuery } from '#shared/contracts/parse-query.ts';
import { ID_PATTERN } from '#shared/domain/job/job-key.ts';
import { LARGEST_TAGS_BYTES } from '#shared/domain/job/job-tags.ts';
import { isFailure, OUTCOMES, type Outcome } from '#shared/domain/job/outcome.ts';
import { RESULT_STATES } from '#shared/domain/result/stored-result.ts';
import { DAY_SECONDS } from '#shared/domain/triggers/civil-date.ts';
import { dayStart } from '#shared/domain/utc-day.ts';

/** A list across schedules looks through so many days at most. */
export const MOST_DAYS = 92;

const outcomes = z
  .string()
  .transform((text, context) => {
    const named = text.split(',');
    const known = named.flatMap((name) => OUTCOMES.find((outcome) => outcome === name) ?? []);
    if (known.length === named.length) return known;
    context.issues.push({
      code: 'custom',
      input: text,
      message: `Expected \`outcome\` to be one or more of ${OUTCOMES.join(', ')}, with commas between, got ${shown(text)}.`,
    });
    return z.NEVER;
  })
  .meta({
    description: 'How the jobs ended: one outcome, or several with commas between.',
    examples: ['success', 'error,timed-out'],
  })
  .exactOptional();

function wholeNumber(name: string) {
  return z
    .string()
    .regex(/^\d{1,15}$/, { error: `Expected \`${name}\` to be a whole number of 0 or more.` })
    .transform(Number)
    .exactOptional();
}

const truth = z.enum(['true', 'false']).transform((text) => text === 'true');

const failed = truth.default(false).meta({
  description:
    '`true` lists only jobs that someone should look at: error, timed-out, missed, abandoned, undelivered.',
});

/** What lists of jobs are filtered by, of one schedule or of all. */
const filters = {
  outcome: outcomes,
  failed,
  tag: z
    .string()
    .regex(/^[^\n]+:[^\n]*$/, {
      error: 'Expected `tag` to be a member of the metadata and its value, as `team:sales`.',
    })
    .max(LARGEST_TAGS_BYTES)
    .meta({
      description:
        'A member of the metadata whose value is a text, a number or a boolean, as `team:sales`.',
    })
    .exactOptional(),
  where: indexConditions.exactOptional(),
  resultState: z
    .enum(RESULT_STATES)
    .meta({ description: 'What became of the result.' })
    .exactOptional(),
  changed: truth
    .meta({
      description:
        "`true` lists jobs whose result differs from that of the success before, `false` those with an equal one; where the schedule's `persist` is `on-change`.",
    })
    .exactOptional(),
  minDurationMs: wholeNumber('minDurationMs'),
  maxDurationMs: wholeNumber('maxDurationMs'),
  minResultBytes: wholeNumber('minResultBytes').meta({
    description: "Bytes of the result's JSON, before any compression.",
  }),
  maxResultBytes: wholeNumber('maxResultBytes'),
};

/** Rules between parameters are held whatever is wrong with others, so that all faults are told together. */
const ALWAYS = { when: () => true };

/** Tells whether two parameters, where both are numbers, are in order. */
function isInOrder(low: unknown, high: unknown): boolean {
  return typeof low !== 'number' || typeof high !== 'number' || low <= high;
}

const RANGE_RULE = {
  ...ALWAYS,
  path: ['to'],
  error: 'Expected `to` to be no earlier than `from`.',
};
const DURATION_RULE = {
  ...ALWAYS,
  path: ['maxDurationMs'],
  error: 'Expected `maxDurationMs` to be no less than `minDurationMs`.',
};
const BYTES_RULE = {
  ...ALWAYS,
  path: ['maxResultBytes'],
  error: 'Expected `maxResultBytes` to be no less than `minResultBytes`.',
};
const FAILED_RULE = {
  ...ALWAYS,
  path: ['outcome'],
  error: 'Expected `outcome` to be that of a failure where `failed=true`, got another.',
};
const DAY_RULE = {
  ...ALWAYS,
  path: ['day'],
  error: 'Expected either `day` or `from` and `to`, got both.',
};
const SPAN_RULE = {
  ...ALWAYS,
  path: ['to'],
  error: `Expected \`from\` and \`to\` to span ${MOST_DAYS} days at most.`,
};

/** The query of `GET /v1/schedules/{scheduleId}/jobs`. */
export const scheduleJobsQuery = pageQuery
  .extend({
    ...filters,
    from: instantOrDay('from', 'first').meta({
      description: 'The first fire time: an instant, or a day in UTC.',
    }),
    to: instantOrDay('to', 'last').meta({
      description: 'The last fire time: an instant, or a day in UTC, which is included.',
    }),
    expiringBefore: instant('expiringBefore')
      .meta({ description: 'Lists only jobs whose result is still there, and gone by then.' })
      .exactOptional(),
  })
  .refine(({ from, to }) => isInOrder(from, to), RANGE_RULE)
  .refine(
    ({ minDurationMs, maxDurationMs }) => isInOrder(minDurationMs, maxDurationMs),
    DURATION_RULE,
  )
  .refine(
    ({ minResultBytes, maxResultBytes }) => isInOrder(minResultBytes, maxResultBytes),
    BYTES_RULE,
  )
  .refine(areFailuresIfAsked, FAILED_RULE);

/** The query of `GET /v1/jobs`. */
export const jobsQuery = pageQuery
  .extend({
    ...filters,
    task: z.string().regex(ID_PATTERN).exactOptional(),
    day: instantOrDay('day', 'first').meta({
      description: 'The day in UTC on which the jobs finished; today when nothing is said.',
      examples: ['2026-11-23'],
    }),
    from: instantOrDay('from', 'first').meta({
      description:
        'When the first of the jobs finished: an instant, or a day in UTC; the beginning of the day of `to` when absent.',
    }),
    to: instantOrDay('to', 'last').meta({
      description: `When the last of the jobs finished: an instant, or a day in UTC, which is included; the end of today when absent. At most ${MOST_DAYS} days.`,
    }),
  })
  .refine(({ from, to }) => isInOrder(from, to), RANGE_RULE)
  .refine(({ from, to }) => isInOrder(daysBetween(from, to), MOST_DAYS), SPAN_RULE)
  .refine(({ day, from, to }) => day === undefined || (from ?? to) === undefined, DAY_RULE)
  .refine(
    ({ minDurationMs, maxDurationMs }) => isInOrder(minDurationMs, maxDurationMs),
    DURATION_RULE,
  )
  .refine(
    ({ minResultBytes, maxResultBytes }) => isInOrder(minResultBytes, maxResultBytes),
    BYTES_RULE,
  )
  .refine(areFailuresIfAsked, FAILED_RULE);

/** The query of `GET /v1/schedules/{scheduleId}/latest`. */
export const latestQuery = z.object({ outcome: outcomes });

function areFailuresIfAsked(query: { readonly outcome?: unknown; readonly failed?: unknown }) {
  const { outcome, failed: isOfFailures } = query;
  return isOfFailures !== true || !Array.isArray(outcome) || outcome.every(isFailureNamed);
}

function isFailureNamed(name: unknown): boolean {
  return OUTCOMES.some((outcome: Outcome) => outcome === name && isFailure(outcome));
}

function daysBetween(from: unknown, to: unknown): number | undefined {
  if (typeof from !== 'number' || typeof to !== 'number') return undefined;
  return (dayStart(to) - dayStart(from)) / DAY_SECONDS + 1;
}
