import * as z from 'zod';
import { backdatingForecast, backdatingResource } from '#shared/contracts/backdatings.ts';
import { budgetCheck } from '#shared/contracts/budgets.ts';
import { forecastResource } from '#shared/contracts/forecast-resource.ts';
import { JOB_STATES } from '#shared/domain/job/job.ts';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import { OVERLAPS } from '#shared/domain/job/overlap.ts';
import { PERSISTS, RETRIED_OUTCOMES } from '#shared/domain/job/policy.ts';
import { RESULT_STATES } from '#shared/domain/result/stored-result.ts';
import { COALESCE } from '#shared/domain/schedule/schedule-policy.ts';

const instant = z.iso.datetime().meta({ description: 'ISO 8601, UTC, whole seconds.' });

const sync = z.object({
  state: z.enum(['pending', 'active', 'failed', 'completed']).meta({
    description:
      'Whether EventBridge has this schedule as it stands: not yet; yes; it refused; nothing is left to fire.',
  }),
  at: instant,
  error: z
    .object({
      code: z.string(),
      message: z.string(),
      attempts: z.int(),
      retryAt: instant.exactOptional(),
    })
    .exactOptional(),
});

const seconds = z.int().meta({ description: 'Whole seconds.' });

/** A schedule as the API answers it. */
export const scheduleResource = z.object({
  id: z.string(),
  task: z.string(),
  trigger: z.record(z.string(), z.unknown()).meta({ description: 'As it was written.' }),
  input: z.unknown(),
  resultExpirationTime: z.union([
    seconds,
    z.object({
      success: seconds.exactOptional(),
      error: seconds.exactOptional(),
      default: seconds,
    }),
  ]),
  recordExpirationTime: seconds.exactOptional(),
  keepLast: z.int().exactOptional(),
  keepLastSuccess: z.boolean().exactOptional(),
  archive: z.object({ after: z.literal('expiry'), keep: seconds }).exactOptional(),
  announceExpiry: z.boolean().exactOptional(),
  persist: z.enum(PERSISTS).exactOptional(),
  select: z.string().exactOptional(),
  redact: z
    .object({
      drop: z.array(z.string()).exactOptional(),
      hash: z.array(z.string()).exactOptional(),
    })
    .exactOptional(),
  catchUpWindow: seconds,
  misfireGraceTime: seconds.exactOptional(),
  coalesce: z.enum(COALESCE).exactOptional(),
  maxJobs: z.int().exactOptional(),
  pauseAfterFailures: z.int().exactOptional(),
  maxJitter: seconds.exactOptional(),
  timeout: seconds.exactOptional(),
  retry: z
    .object({
      maxAttempts: z.int(),
      delay: seconds,
      factor: z.number(),
      maxDelay: seconds,
      on: z.array(z.enum(RETRIED_OUTCOMES)).exactOptional(),
    })
    .exactOptional(),
  overlap: z.enum(OVERLAPS).exactOptional(),
  indexes: z.record(z.string(), z.string()).exactOptional(),
  metrics: z.array(z.object({ name: z.string(), path: z.string() })).exactOptional(),
  metricsExpirationTime: seconds.exactOptional(),
  metadata: z.record(z.string(), z.unknown()),
  revision: z.int(),
  sync,
  paused: z
    .object({
      note: z.string().exactOptional(),
      by: z.string().meta({
        description: 'The ARN of whoever paused it; `almanac` where it did so by itself.',
      }),
      since: instant,
      until: instant
        .meta({ description: 'It fires again by itself from then on.' })
        .exactOptional(),
    })
    .meta({ description: 'It holds from `sync.state` `active` on; absent where it is not paused.' })
    .exactOptional(),
  nextFireTime: instant.nullable().meta({
    description:
      'Null where none is left, while it is paused without `until`, and on a schedule that another starts.',
  }),
  createdAt: instant,
  updatedAt: instant,
  forecast: forecastResource
    .meta({ description: 'What storing its results comes to; in the answer to a dry run alone.' })
    .exactOptional(),
  budgets: z
    .array(budgetCheck)
    .meta({ description: 'How it stands to the budgets that it is in; in the same answer alone.' })
    .exactOptional(),
  warnings: z
    .array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() }))
    .meta({
      description:
        'What became of a write besides what was asked for, as `budget.exceeded`; absent where there is nothing to say.',
    })
    .exactOptional(),
  backdating: backdatingResource
    .meta({ description: 'What `applyToExisting` has begun; in the answer to that change alone.' })
    .exactOptional(),
  backdatingForecast: backdatingForecast
    .meta({ description: 'What `applyToExisting` would do; in the answer to a dry run alone.' })
    .exactOptional(),
});

const endedAttempt = z.object({
  attempt: z.int(),
  outcome: z.enum(OUTCOMES),
  startedAt: instant.exactOptional(),
  durationMs: z.number().exactOptional(),
  error: z.object({ name: z.string(), message: z.string() }).exactOptional(),
});

/** A job as the API answers it. */
export const jobResource = z.object({
  id: z.string(),
  scheduleId: z.string(),
  task: z.string(),
  fireTime: instant,
  state: z.enum(JOB_STATES),
  outcome: z.enum(OUTCOMES).exactOptional(),
  attempt: z.int(),
  revision: z.int(),
  startedAt: z.string().exactOptional(),
  finishedAt: z.string().exactOptional(),
  durationMs: z.number().exactOptional(),
  resultState: z.enum(RESULT_STATES).exactOptional(),
  resultReason: z.string().exactOptional(),
  resultBytes: z.int().exactOptional(),
  sameAs: z
    .string()
    .meta({ description: 'The id of the job that first had this result; on an `unchanged` one.' })
    .exactOptional(),
  isChanged: z
    .literal(true)
    .meta({
      description:
        "Its result is not that of the success before; where the schedule's `persist` is `on-change`. An equal one has the state `unchanged`.",
    })
    .exactOptional(),
  indexes: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .meta({
      description:
        "What its result has at the schedule's `indexes`; null where nothing is, or no single value.",
    })
    .exactOptional(),
  metrics: z
    .record(z.string(), z.number())
    .meta({ description: "What of its result was counted by the schedule's `metrics`." })
    .exactOptional(),
  resultExpiresAt: instant.exactOptional(),
  expiresAt: instant.exactOptional(),
  retentionRule: z
    .string()
    .meta({
      description: 'Whose word set the two times before it, and which of its words.',
      examples: ['schedule:success', 'task:default', 'stack:maximum', 'job:pinned'],
    })
    .exactOptional(),
  archive: z
    .string()
    .meta({
      description:
        'The partition of the archive in which it is once it has expired; on a job that is archived.',
      examples: ['archive/keep=1095d/day=2026-11-23/'],
    })
    .exactOptional(),
  restoredAt: instant
    .meta({ description: 'When it was put back from the archive.' })
    .exactOptional(),
  error: z
    .object({ name: z.string(), message: z.string(), stack: z.string().exactOptional() })
    .exactOptional(),
  attempts: z
    .array(endedAttempt)
    .meta({
      description: 'How the last five attempts ended, oldest first; absent where there was one.',
    })
    .exactOptional(),
  retryAt: instant
    .meta({ description: 'When the next attempt is due; on a retrying job.' })
    .exactOptional(),
  waitingFor: z
    .string()
    .meta({
      description:
        'Whose running jobs it waits for: `schedule:daily-sales`, or `task:sales-report`; on a job whose turn has not come.',
    })
    .exactOptional(),
  progress: z
    .object({ fraction: z.number(), note: z.string().exactOptional(), at: instant })
    .meta({ description: 'How far a running job says it has come, from 0 to 1.' })
    .exactOptional(),
  cancelRequested: z
    .object({ at: instant, by: z.string(), note: z.string().exactOptional() })
    .meta({ description: 'Who cancelled it while it ran; it may still end otherwise.' })
    .exactOptional(),
  inputs: z
    .array(
      z.object({
        pointer: z.string().meta({ description: 'Where it stands in the input.' }),
        job: z.string().meta({ description: 'Whose result was taken.' }).exactOptional(),
        finishedAt: instant.exactOptional(),
        isStale: z
          .literal(true)
          .meta({ description: 'It was older than asked for, or null for want of one.' })
          .exactOptional(),
      }),
    )
    .meta({ description: 'What stood in the places of `$result` in its input.' })
    .exactOptional(),
  metadata: z.record(z.string(), z.unknown()),
});

/** A settled job as the list across schedules has it, which is read from an index. */
export const settledJobResource = jobResource
  .pick({
    id: true,
    scheduleId: true,
    task: true,
    fireTime: true,
    attempt: true,
    startedAt: true,
    durationMs: true,
    resultState: true,
    resultBytes: true,
    isChanged: true,
    indexes: true,
    resultExpiresAt: true,
    expiresAt: true,
  })
  .extend({
    state: z.literal('settled'),
    outcome: z.enum(OUTCOMES),
    finishedAt: z.string(),
    tags: z
      .array(z.string())
      .meta({
        description: 'Members of its metadata, as `team:sales`: the first that fit into 192 bytes.',
      })
      .exactOptional(),
  });

/** A job as the API answers it to whoever asks for its result too. */
export const jobWithResult = jobResource.extend({
  result: z
    .unknown()
    .meta({ description: 'What the task returned; a large one is at `/v1/jobs/{jobId}/result`.' })
    .exactOptional(),
});

/** The steps from one result to another. See https://www.rfc-editor.org/rfc/rfc6902 */
export const patch = z.array(
  z.object({
    op: z.enum(['add', 'remove', 'replace']),
    path: z.string(),
    value: z.unknown().exactOptional(),
  }),
);

/** What a page cost, where `explain=true` asked for it. */
export const readCost = z
  .object({
    requests: z.int().meta({ description: 'To DynamoDB.' }),
    itemsRead: z.int().meta({ description: 'Those that a filter left out included.' }),
    readUnits: z.number(),
  })
  .meta({ description: 'What the page cost, with `explain=true`.' });

/** A page of a list. */
export function listOf<Entry extends z.ZodType>(entry: Entry) {
  return z.object({
    data: z.array(entry),
    next: z.string().nullable(),
    explain: readCost.exactOptional(),
  });
}
