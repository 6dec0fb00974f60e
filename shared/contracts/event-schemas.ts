import * as z from 'zod';
import type { EventType } from '#shared/domain/event/almanac-event.ts';
import { dataSchemaOf, schemaOf } from '#shared/domain/event/cloud-event.ts';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import { RESULT_STATES } from '#shared/domain/result/stored-result.ts';
import { WHEN_EXCEEDED } from '#shared/domain/usage/budget.ts';

const instant = z
  .string()
  .meta({ format: 'date-time', description: 'ISO 8601, UTC, whole seconds.' });
const metadata = z
  .record(z.string(), z.unknown())
  .meta({ description: 'The schedule’s own, at most 1 KB.' });

const job = {
  jobId: z.string(),
  scheduleId: z.string().meta({
    description: '`task:<task id>` for a job without a schedule.',
    examples: ['daily-sales'],
  }),
  task: z.string(),
  fireTime: instant,
};

const resultBytes = z
  .int()
  .meta({ description: 'The length of the result’s JSON, before any compression.' });
const resultExpiresAt = instant.meta({ description: 'From this instant on it cannot be read.' });

const jobSettled = z.object({
  ...job,
  outcome: z.enum(OUTCOMES),
  attempt: z.int().meta({ description: 'The last attempt, from 1; 0 where none was made.' }),
  revision: z.int().meta({ description: 'The schedule’s revision that the job was started with.' }),
  startedAt: instant.exactOptional(),
  finishedAt: instant,
  durationMs: z.number().exactOptional(),
  errorName: z
    .string()
    .meta({ description: 'What went wrong, by name; the message is read over the API.' })
    .exactOptional(),
  resultState: z.enum(RESULT_STATES).exactOptional(),
  resultBytes: resultBytes.exactOptional(),
  resultExpiresAt: resultExpiresAt.exactOptional(),
  expiresAt: instant
    .meta({ description: 'From this instant on the job itself cannot be read.' })
    .exactOptional(),
  metadata,
});

const resultChanged = z.object({
  ...job,
  finishedAt: instant,
  resultBytes: resultBytes.exactOptional(),
  resultExpiresAt: resultExpiresAt.exactOptional(),
  previous: z
    .strictObject({
      jobId: z.string(),
      finishedAt: instant,
      resultBytes: resultBytes.exactOptional(),
    })
    .meta({ description: 'The success before, whose result was another.' }),
  metadata,
});

const resultExpiring = z.object({
  ...job,
  finishedAt: instant,
  resultBytes: resultBytes.exactOptional(),
  resultExpiresAt,
  metadata,
});

const schedulePaused = z.object({
  scheduleId: z.string(),
  revision: z.int(),
  by: z
    .string()
    .meta({ description: 'The ARN of whoever paused it; `almanac` where it did so by itself.' }),
  note: z.string().exactOptional(),
  since: instant,
  until: instant.meta({ description: 'It fires again by itself from then on.' }).exactOptional(),
});

const budgetExceeded = z.object({
  scope: z
    .string()
    .meta({ description: '`stack`, or the schedules with a tag.', examples: ['tag:team:sales'] }),
  measure: z.enum(['storedBytes', 'dollarsPerMonth']),
  limit: z.number().meta({ description: 'In bytes, or in dollars.' }),
  taken: z.number().meta({ description: 'What the schedules in its scope come to at full.' }),
  onExceeded: z.enum(WHEN_EXCEEDED),
});

const DATA = {
  'job.settled': jobSettled,
  'result.changed': resultChanged,
  'result.expiring': resultExpiring,
  'schedule.paused': schedulePaused,
  'budget.exceeded': budgetExceeded,
} satisfies Record<EventType, z.ZodType>;

/** Says what each event is about, in a sentence. */
const DESCRIPTIONS = {
  'job.settled': 'A job has settled, whatever its outcome.',
  'result.changed': 'A job has returned something else than the success before it.',
  'result.expiring': 'A result expires within a day; of schedules that ask for it.',
  'schedule.paused': 'A schedule has been paused, or has paused itself.',
  'budget.exceeded': 'Schedules have come to more than a budget allows.',
} satisfies Record<EventType, string>;

/**
 * Describes a type of event in JSON Schema 2020-12: the CloudEvent that is the `detail` of EventBridge's envelope.
 *
 * Members may be added; a subscriber passes over those that it does not know.
 */
export function eventSchema(type: EventType): Readonly<Record<string, unknown>> {
  const event = z.object({
    specversion: z.literal('1.0'),
    id: z.string().meta({
      description: 'The same whenever this event is delivered again: drop what you have seen.',
    }),
    source: z.string().meta({ description: 'The ARN of the stack’s event bus.' }),
    type: z.literal(type),
    subject: z
      .string()
      .meta({ description: 'The id of the job or schedule, or the scope of the budget.' }),
    time: instant,
    datacontenttype: z.literal('application/json'),
    dataschema: z.literal(dataSchemaOf(type)),
    data: DATA[type],
  });
  const { $schema, ...schema } = z.toJSONSchema(event, { io: 'input' });
  return { $schema, $id: schemaOf(type), title: type, description: DESCRIPTIONS[type], ...schema };
}
