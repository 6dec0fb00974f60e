import { errandOperations } from '#shared/contracts/errand-operations.ts';
import { BODY_PROBLEMS, type Operation } from '#shared/contracts/operation.ts';

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
  ...errandOperations('backfill', 'the jobs that it has started run to their end'),
};
