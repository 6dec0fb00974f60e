import { BODY_PROBLEMS, type Operation } from '#shared/contracts/operation.ts';

/** The operations on the archive, by address and method. */
export const ARCHIVE_OPERATIONS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/v1/archive/restore': {
    post: {
      id: 'restoreJobs',
      summary: 'Puts archived jobs back, with their results and a new time',
      query: 'write',
      body: 'Restoration',
      answers: {
        200: {
          description: 'How many are there again; `next` where there is more to go through.',
          body: 'Restored',
        },
      },
      problems: [...BODY_PROBLEMS, 'cursor.invalid', 'job.not-found'],
    },
  },
};
