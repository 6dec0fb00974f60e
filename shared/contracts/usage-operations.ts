import { type Operation, PAGE_PROBLEMS } from '#shared/contracts/operation.ts';

/** The operations on usage, by address and method. */
export const USAGE_OPERATIONS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/v1/usage': {
    get: {
      id: 'listUsage',
      summary: 'Lists what the jobs of each schedule have come to, by id',
      query: 'page',
      answers: { 200: { description: 'A page.', body: 'UsagePage' } },
      problems: PAGE_PROBLEMS,
    },
  },
  '/v1/usage/{scheduleId}': {
    get: {
      id: 'getUsage',
      summary: 'Shows what the jobs of a schedule have come to, day by day, and what will come',
      query: 'usage',
      answers: { 200: { description: 'The sums.', body: 'Usage' } },
      problems: ['request.invalid', 'schedule.not-found'],
    },
  },
};
