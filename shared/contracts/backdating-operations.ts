import { errandOperations } from '#shared/contracts/errand-operations.ts';
import { BODY_PROBLEMS, type Operation } from '#shared/contracts/operation.ts';

/** The operations on backdatings, by address and method. */
export const BACKDATING_OPERATIONS: Readonly<Record<string, Readonly<Record<string, Operation>>>> =
  {
    '/v1/schedules/{scheduleId}/backdate': {
      post: {
        id: 'backdateSchedule',
        summary: "Gives a schedule's settled jobs the times of its policies as they are now",
        query: 'write',
        body: 'NewBackdating',
        mayLackBody: true,
        answers: {
          200: { description: 'With `dryRun`, what it would do.', body: 'BackdatingForecast' },
          202: { description: 'The backdating.', body: 'Backdating', headers: ['Location'] },
        },
        problems: [...BODY_PROBLEMS, 'schedule.not-found'],
      },
    },
    ...errandOperations('backdating', 'the times that it has given stay'),
  };
