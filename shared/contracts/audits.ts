import * as z from 'zod';
import { AUDIT_PHASES } from '#shared/domain/audit/audit.ts';
import { HORIZON_DAYS } from '#shared/domain/audit/count-job.ts';
import { MOST_EXAMPLES } from '#shared/domain/audit/findings.ts';
import { MOST_RANKED } from '#shared/domain/audit/rank-schedules.ts';

/** The body of `POST /v1/audits`; it may be left out. */
export const auditBody = z.strictObject({
  repair: z
    .boolean()
    .default(false)
    .meta({ description: '`true` deletes the garbage that is found; else it is only counted.' }),
});

const instant = z.iso.datetime().meta({ description: 'ISO 8601, UTC, whole seconds.' });
const weight = z.object({ objects: z.int(), bytes: z.int() });
const examples = z
  .array(z.string())
  .meta({ description: `Keys of the first ones, ${MOST_EXAMPLES} at most.` });
const jobs = weight.extend({ jobs: z.int() });
const garbage = weight.extend({
  repaired: z.int().meta({ description: 'How many of them were deleted.' }),
  examples,
});

/** An audit as the API answers it; what it has found so far, while it runs. */
export const auditResource = z.object({
  id: z.string(),
  state: z.enum(['queued', 'running', 'done']),
  phase: z
    .enum(AUDIT_PHASES)
    .exclude(['done'])
    .meta({ description: 'What it is looking at, unless it is done.' })
    .exactOptional(),
  by: z.string().meta({ description: 'The ARN of whoever asked for it; `almanac` daily.' }),
  repair: z.boolean(),
  requestedAt: instant,
  startedAt: instant.exactOptional(),
  finishedAt: instant.exactOptional(),
  results: weight.extend({
    byClass: z
      .record(z.string(), weight)
      .meta({ description: 'By lifecycle class, as `7d`; `none` outside of all.' }),
    byAge: z
      .record(z.string(), weight)
      .meta({ description: 'By how long ago they were written: at most `1d`, `7d` …' }),
    largest: z.array(weight.extend({ scheduleId: z.string(), class: z.string() })).meta({
      description: `The schedules that take most room in one class, ${MOST_RANKED} at most.`,
    }),
  }),
  orphans: garbage.meta({ description: 'Results that no row points to, nor ever will.' }),
  shared: weight.meta({
    description: 'Results that several jobs of a schedule share; their lifecycle rules take them.',
  }),
  pending: weight.meta({ description: 'Results that a row may still come to point to.' }),
  unknown: weight
    .extend({ examples })
    .meta({ description: 'Objects whose key names no job; never deleted.' }),
  unsettled: z
    .object({
      waiting: weight,
      overdue: weight.extend({ examples }),
      leftovers: garbage,
    })
    .meta({
      description:
        'Ends that could not be written to their rows: that wait for it, that have waited too long, and that are written or void.',
    }),
  missing: z
    .object({
      jobs: z.int(),
      examples: z
        .array(z.string())
        .meta({ description: `Ids of the first jobs, ${MOST_EXAMPLES} at most.` }),
    })
    .meta({ description: 'Jobs whose row points to a result that is not there.' }),
  settledJobs: z.object({
    count: z.int(),
    compared: z.int().meta({ description: 'Those whose large result was looked for both ways.' }),
    notCompared: z.int().meta({
      description:
        'Those with a large result that settled since the audit began, or that expires within an hour of it.',
    }),
  }),
  leaving: z.object({
    expired: jobs.meta({ description: 'Jobs that are hidden, and that TTL has yet to delete.' }),
    byDay: z
      .record(z.string(), jobs)
      .meta({ description: `By day in UTC, for ${HORIZON_DAYS} days.` }),
    later: jobs,
  }),
});
