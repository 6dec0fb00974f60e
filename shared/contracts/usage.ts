import * as z from 'zod';
import { shown } from '#shared/contracts/faults-of.ts';
import { forecastResource } from '#shared/contracts/forecast-resource.ts';
import { explainQuery } from '#shared/contracts/parse-query.ts';
import { readCost } from '#shared/contracts/resources.ts';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import { readDate } from '#shared/domain/triggers/civil-date.ts';

/** Sums of days are kept for so long, and fit into one read. */
export const MOST_DAYS = 400;

function day(name: string) {
  return z
    .string()
    .refine((text) => readDate(text) !== undefined, {
      error: ({ input }) =>
        `Expected \`${name}\` to be a day such as 2026-11-23, got ${shown(input)}.`,
    })
    .exactOptional();
}

/** Days that are none have been found fault with by themselves. */
function spanOf(from: unknown, to: unknown): number {
  return (readDate(to) ?? 0) - (readDate(from) ?? readDate(to) ?? 0);
}

/** The query of `GET /v1/usage/{scheduleId}`. */
export const usageQuery = explainQuery
  .extend({
    from: day('from').meta({
      description: 'The first day, in UTC; 29 days before the last when absent.',
      examples: ['2026-11-01'],
    }),
    to: day('to').meta({ description: 'The last day, which is included; today when absent.' }),
  })
  .refine(({ from, to }) => to === undefined || spanOf(from, to) >= 0, {
    when: () => true,
    path: ['to'],
    error: 'Expected `to` to be no earlier than `from`.',
  })
  .refine(({ from, to }) => to === undefined || spanOf(from, to) < MOST_DAYS, {
    when: () => true,
    path: ['to'],
    error: `Expected \`from\` and \`to\` to span ${MOST_DAYS} days at most.`,
  });

const stock = z.object({
  count: z.int(),
  bytes: z.int().meta({ description: 'As stored: compressed where the result is.' }),
});
const stocks = z.object({ inline: stock, s3: stock });

const lastJob = z.object({
  jobId: z.string(),
  outcome: z.enum(OUTCOMES),
  finishedAt: z.iso.datetime(),
});

/** The sums of a schedule as the API answers them. */
export const usageResource = z.object({
  scheduleId: z.string().meta({ description: '`task:<taskId>` for jobs without a schedule.' }),
  jobs: z
    .record(z.enum(OUTCOMES), z.int())
    .meta({ description: 'All that have settled, by outcome.' }),
  stored: stocks.meta({ description: 'The results that are stored now.' }),
  writeUnits: z.number().meta({ description: 'Of claims, settles and index entries.' }),
  lastJob: lastJob.exactOptional(),
  lastSuccess: lastJob.exactOptional(),
});

/** The sums of a schedule with its days. */
export const usageDaysResource = usageResource.extend({
  days: z
    .array(
      z.object({
        day: z.iso.date(),
        jobs: z.record(z.enum(OUTCOMES), z.int()),
        written: stocks,
        removed: stocks,
        writeUnits: z.number(),
      }),
    )
    .meta({ description: 'The days on which anything happened, oldest first.' }),
  perDay: z
    .object({
      days: z.int().meta({ description: 'How many days it is the average of.' }),
      jobs: z.number(),
      writtenBytes: z.number(),
      grownBytes: z.number().meta({ description: 'What was written less what was removed.' }),
      writeUnits: z.number(),
    })
    .meta({ description: 'The average of the days that are over; absent where there is none.' })
    .exactOptional(),
  forecast: forecastResource
    .meta({
      description:
        'If it goes on so; absent where the schedule is deleted, or nothing says how often it runs.',
    })
    .exactOptional(),
  explain: readCost.exactOptional(),
});
