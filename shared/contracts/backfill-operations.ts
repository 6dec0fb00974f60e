import { BODY_PROBLEMS, type Operation, PAGE_PROBLEMS } from '#shared/contracts/operation.ts';

/** The operations on backfills, by address and method. */
export const BACKFILL_OPERATIONS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/v1/schedules/{scheduleId}/backfill': {
    post: {
      id: 'backfillSchedule',
      summary: 'Runs fire times that have passed, paused or not, at a pace of its own',
      query: 'write',
      body: 'NewBackfill',
      answers: {
        200: { description: 'With `dryRun`, what it would find.', body: 'BackfillForecast' },
        202: { description: 'The backfill.', body: 'Backfill', headers: ['Location'] },
      },
      problems: [...BODY_PROBLEMS, 'schedule.not-found'],
    },
  },
  '/v1/schedules/{scheduleId}/backfills': {
    get: {
      id: 'listBackfills',
      summary: "Lists a schedule's backfills, newest first",
      query: 'page',
      answers: { 200: { description: 'A page, which may be short.', body: 'BackfillPage' } },
      problems: [...PAGE_PROBLEMS, 'schedule.not-found'],
    },
  },
  '/v1/schedules/{scheduleId}/backfills/{backfillId}': {
    get: {
      id: 'getBackfill',
      summary: 'Reads a backfill; it can be read for 30 days after its end',
      answers: { 200: { description: 'The backfill.', body: 'Backfill' } },
      problems: ['backfill.not-found'],
    },
  },
  '/v1/schedules/{scheduleId}/backfills/{backfillId}/cancel': {
    post: {
      id: 'cancelBackfill',
      summary: 'Stops a backfill; the jobs that it has started run to their end',
      answers: { 200: { description: 'The backfill as it is now.', body: 'Backfill' } },
      problems: ['backfill.not-found', 'backfill.ended'],
    },
  },
};
