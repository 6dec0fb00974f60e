import type { Operation } from '#shared/contracts/operation.ts';

/** The operations on what metrics came to, by address and method. */
export const METRIC_OPERATIONS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/v1/schedules/{scheduleId}/metrics': {
    get: {
      id: 'getMetrics',
      summary: "Shows what a schedule's metrics came to, by hour or day of the fire times",
      query: 'metrics',
      answers: { 200: { description: 'The points of each.', body: 'Metrics' } },
      problems: ['request.invalid', 'schedule.not-found', 'metric.not-found'],
    },
  },
};
