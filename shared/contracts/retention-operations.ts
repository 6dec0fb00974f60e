import { BODY_PROBLEMS } from '#shared/contracts/operation.ts';

/** The operations that say what is kept of results, and for how long. */
export const RETENTION_OPERATIONS = {
  '/v1/jobs/{jobId}/retention': {
    patch: {
      id: 'changeRetention',
      summary: 'Changes how long one job is kept: longer, shorter, or pinned',
      body: 'Retention',
      answers: { 200: { description: 'The job as it is now.', body: 'Job' } },
      problems: [...BODY_PROBLEMS, 'job.not-found', 'job.unfinished', 'result.expired'],
    },
  },
  '/v1/jobs/{jobId}/diff/{otherId}': {
    get: {
      id: 'diffResults',
      summary: "Compares a job's result with that of another job of the same schedule",
      answers: {
        200: {
          description: 'The steps that make the second result of the first, by RFC 6902.',
          body: 'Patch',
          mediaType: 'application/json-patch+json',
        },
      },
      problems: [
        'job.not-found',
        'job.unfinished',
        'result.not-stored',
        'result.expired',
        'result.not-json',
        'result.too-large',
        'diff.other-schedule',
      ],
    },
  },
  '/v1/retention/simulate': {
    post: {
      id: 'simulateRetention',
      summary: 'Tries policies on a result; nothing is stored',
      body: 'Simulation',
      answers: {
        200: { description: 'What would be kept of it, and until when.', body: 'SimulatedResult' },
      },
      problems: BODY_PROBLEMS,
    },
  },
} as const;
