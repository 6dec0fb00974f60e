import * as z from 'zod';
import { duration } from '#shared/contracts/duration.ts';
import { instantOrDay } from '#shared/contracts/instant-or-day.ts';
import { explainQuery } from '#shared/contracts/parse-query.ts';
import { readCost } from '#shared/contracts/resources.ts';
import { LONGEST_EXPIRATION_SECONDS } from '#shared/domain/result/payload-class.ts';
import {
  LONGEST_METRIC_PATH,
  METRIC_NAME_PATTERN,
  MOST_METRICS,
  SHORTEST_METRICS_EXPIRATION_SECONDS,
} from '#shared/domain/rollup/result-metric.ts';
import { STEPS } from '#shared/domain/rollup/step.ts';

/** Which numbers of its results a schedule sums up, as a body states them. */
export const metrics = z
  .array(
    z.strictObject({
      name: z.string().regex(METRIC_NAME_PATTERN),
      path: z.string().min(1).max(LONGEST_METRIC_PATH),
    }),
  )
  .max(MOST_METRICS)
  .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, {
    error: 'Expected `metrics` to have each name once.',
  })
  .meta({
    description:
      'Numbers of its results that are summed up by hour and day, and outlive them: a name and a JMESPath for each.',
    examples: [[{ name: 'latencyMs', path: 'timing.total' }]],
  });

/** How long these sums are kept. */
export const metricsExpirationTime = duration('metricsExpirationTime', {
  min: SHORTEST_METRICS_EXPIRATION_SECONDS,
  max: LONGEST_EXPIRATION_SECONDS,
});

/** The query of `GET /v1/schedules/{id}/metrics`. */
export const metricsQuery = explainQuery.extend({
  name: z
    .string()
    .regex(METRIC_NAME_PATTERN)
    .meta({ description: 'One metric; all when absent.' })
    .exactOptional(),
  step: z
    .enum(STEPS)
    .default('1h')
    .meta({ description: 'How long each point is, in UTC; `1h` when absent.' }),
  from: instantOrDay('from', 'first').meta({
    description: 'In the first step; 7 days before the last when absent, 30 with `1d`.',
    examples: ['2026-11-01'],
  }),
  to: instantOrDay('to', 'last').meta({ description: 'In the last step; now when absent.' }),
});

const point = z.object({
  from: z.iso.datetime().meta({ description: 'When the step begins.' }),
  count: z.int().meta({ description: 'How many results had a number.' }),
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  p50: z.number().meta({ description: 'The median, to within 1 %.' }),
  p95: z.number().meta({ description: 'To within 1 %.' }),
});

/** What a schedule's metrics came to, as the API answers it. */
export const metricsResource = z.object({
  scheduleId: z.string(),
  step: z.enum(STEPS),
  from: z.iso.datetime().meta({ description: 'When the first step begins.' }),
  to: z.iso.datetime().meta({ description: 'When the last step begins.' }),
  metrics: z
    .array(
      z.object({
        name: z.string(),
        points: z
          .array(point)
          .meta({ description: 'Oldest first; a step in which nothing was counted is left out.' }),
      }),
    )
    .meta({ description: 'Those that the schedule declares, and others that were counted.' }),
  explain: readCost.exactOptional(),
});
