import { ARCHIVE_OPERATIONS } from '#shared/contracts/archive-operations.ts';
import { AUDIT_OPERATIONS } from '#shared/contracts/audit-operations.ts';
import { BACKDATING_OPERATIONS } from '#shared/contracts/backdating-operations.ts';
import { BACKFILL_OPERATIONS } from '#shared/contracts/backfill-operations.ts';
import { BUDGET_OPERATIONS } from '#shared/contracts/budget-operations.ts';
import { METRIC_OPERATIONS } from '#shared/contracts/metric-operations.ts';
import {
  type Answer,
  BODY_PROBLEMS,
  type Operation,
  PAGE_PROBLEMS,
} from '#shared/contracts/operation.ts';
import { PREVIEW_OPERATIONS } from '#shared/contracts/preview-operations.ts';
import { RETENTION_OPERATIONS } from '#shared/contracts/retention-operations.ts';
import { USAGE_OPERATIONS } from '#shared/contracts/usage-operations.ts';

const CHANGE_PROBLEMS = [
  ...BODY_PROBLEMS,
  'schedule.not-found',
  'schedule.stale',
  'budget.exceeded',
] as const;
const ACTION_PROBLEMS = [...BODY_PROBLEMS, 'schedule.not-found', 'schedule.stale'] as const;
const SUBMISSION_PROBLEMS = [...BODY_PROBLEMS, 'idempotency-key.reused', 'job.not-found'] as const;

const schedule = (description: string): Answer => ({
  description,
  body: 'Schedule',
  headers: ['ETag'],
});

const SUBMITTED: Operation['answers'] = {
  200: {
    description:
      'The job has settled, and this is its result, where it was kept and is small; or, with `dryRun`, what would be queued.',
    body: 'JobWithResult',
    headers: ['Location'],
  },
  202: { description: 'The job, which is yet to end.', body: 'Job', headers: ['Location'] },
};

/** Every operation of the API, by address and method. */
export const OPERATIONS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/v1/health': {
    get: {
      id: 'getHealth',
      summary: 'Answers without credentials',
      answers: { 200: { description: 'The API answers.', body: 'Health' } },
      problems: [],
    },
  },
  '/v1/openapi.json': {
    get: {
      id: 'getDescription',
      summary: 'Reads this description',
      answers: { 200: { description: 'OpenAPI 3.1.', body: 'Description' } },
      problems: [],
    },
  },
  '/v1/tasks': {
    get: {
      id: 'listTasks',
      summary: 'Lists the tasks of this deployment',
      query: 'explain',
      answers: { 200: { description: 'All tasks.', body: 'TaskPage' } },
      problems: ['request.invalid'],
    },
  },
  '/v1/schedules': {
    get: {
      id: 'listSchedules',
      summary: 'Lists schedules by id',
      query: 'page',
      answers: { 200: { description: 'A page, which may be short.', body: 'SchedulePage' } },
      problems: PAGE_PROBLEMS,
    },
    post: {
      id: 'createSchedule',
      summary: 'Creates a schedule',
      query: 'write',
      body: 'NewSchedule',
      answers: {
        200: schedule('What would be created, with `dryRun`.'),
        201: {
          description: 'The schedule.',
          body: 'Schedule',
          headers: ['ETag', 'Location'],
        },
      },
      problems: [...BODY_PROBLEMS, 'schedule.exists', 'budget.exceeded'],
    },
  },
  '/v1/schedules/{scheduleId}': {
    get: {
      id: 'getSchedule',
      summary: 'Reads a schedule',
      answers: { 200: schedule('The schedule.') },
      problems: ['schedule.not-found'],
    },
    put: {
      id: 'replaceSchedule',
      summary: 'Replaces a schedule',
      query: 'change',
      headers: ['If-Match'],
      body: 'ReplacedSchedule',
      answers: { 200: schedule('The schedule as it is now.') },
      problems: CHANGE_PROBLEMS,
    },
    patch: {
      id: 'patchSchedule',
      summary: 'Changes some of a schedule, by a JSON merge patch',
      query: 'change',
      headers: ['If-Match'],
      body: 'SchedulePatch',
      isPatch: true,
      answers: { 200: schedule('The schedule as it is now.') },
      problems: CHANGE_PROBLEMS,
    },
    delete: {
      id: 'deleteSchedule',
      summary: 'Deletes a schedule; its jobs keep their own time',
      query: 'write',
      headers: ['If-Match'],
      answers: { 204: { description: 'It is gone.' } },
      problems: ['request.invalid', 'schedule.not-found', 'schedule.stale'],
    },
  },
  '/v1/schedules/{scheduleId}/pause': {
    post: {
      id: 'pauseSchedule',
      summary: 'Pauses a schedule, until it is resumed or an instant has come',
      query: 'write',
      body: 'Pause',
      mayLackBody: true,
      answers: {
        200: schedule('The schedule; the pause holds from `sync.state` `active` on.'),
      },
      problems: ACTION_PROBLEMS,
    },
  },
  '/v1/schedules/{scheduleId}/resume': {
    post: {
      id: 'resumeSchedule',
      summary: 'Ends the pause of a schedule; one that is not paused stays as it is',
      query: 'write',
      body: 'Resumption',
      mayLackBody: true,
      answers: {
        200: schedule('The schedule; it fires again from `sync.state` `active` on.'),
      },
      problems: ACTION_PROBLEMS,
    },
  },
  '/v1/schedules/{scheduleId}/skip': {
    post: {
      id: 'skipFireTime',
      summary: 'Leaves out one fire time that is yet to come',
      query: 'write',
      body: 'Skip',
      answers: { 200: { description: 'Its job, settled `skipped` beforehand.', body: 'Job' } },
      problems: [...BODY_PROBLEMS, 'schedule.not-found', 'job.settled'],
    },
  },
  ...BACKFILL_OPERATIONS,
  ...METRIC_OPERATIONS,
  ...BUDGET_OPERATIONS,
  ...BACKDATING_OPERATIONS,
  '/v1/schedules/{scheduleId}/run': {
    post: {
      id: 'runSchedule',
      summary: 'Runs a schedule once now, paused or not',
      query: 'write',
      headers: ['Idempotency-Key', 'Prefer'],
      body: 'Run',
      mayLackBody: true,
      answers: SUBMITTED,
      problems: [...SUBMISSION_PROBLEMS, 'schedule.not-found'],
    },
  },
  '/v1/schedules/{scheduleId}/jobs': {
    get: {
      id: 'listJobsOfSchedule',
      summary: "Lists a schedule's jobs, newest first",
      query: 'jobsOfSchedule',
      answers: { 200: { description: 'A page, which may be short or empty.', body: 'JobPage' } },
      problems: [...PAGE_PROBLEMS, 'schedule.not-found'],
    },
  },
  '/v1/schedules/{scheduleId}/latest': {
    get: {
      id: 'getLatestJob',
      summary: "Reads a schedule's newest job that has settled, with its result",
      query: 'latest',
      headers: ['If-None-Match'],
      answers: {
        200: {
          description: 'The job, and its result where that was kept and is small.',
          body: 'JobWithResult',
          headers: ['ETag', 'Cache-Control'],
        },
        304: { description: 'The caller has it.', headers: ['ETag', 'Cache-Control'] },
      },
      problems: ['request.invalid', 'schedule.not-found', 'job.not-found'],
    },
  },
  ...PREVIEW_OPERATIONS,
  '/v1/jobs': {
    get: {
      id: 'listJobs',
      summary: 'Lists the settled jobs of all schedules by when they finished, newest first',
      query: 'jobs',
      answers: {
        200: {
          description:
            'A page, which may be short or empty; what has just settled may be missing for a moment.',
          body: 'SettledJobPage',
        },
      },
      problems: PAGE_PROBLEMS,
    },
    post: {
      id: 'submitJob',
      summary: 'Runs a task once now, without a schedule',
      query: 'write',
      headers: ['Idempotency-Key', 'Prefer'],
      body: 'NewJob',
      answers: SUBMITTED,
      problems: SUBMISSION_PROBLEMS,
    },
  },
  '/v1/jobs/{jobId}': {
    get: {
      id: 'getJob',
      summary: 'Reads a job, without its result',
      answers: { 200: { description: 'The job.', body: 'Job' } },
      problems: ['job.not-found'],
    },
  },
  '/v1/jobs/{jobId}/cancel': {
    post: {
      id: 'cancelJob',
      summary: 'Cancels a job',
      body: 'Cancellation',
      mayLackBody: true,
      answers: {
        200: { description: 'The job, which will not run.', body: 'Job' },
        202: {
          description: 'The job, which runs; a task that watches for it ends within seconds.',
          body: 'Job',
        },
      },
      problems: [...BODY_PROBLEMS, 'job.not-found', 'job.settled'],
    },
  },
  ...RETENTION_OPERATIONS,
  '/v1/jobs/{jobId}/result': {
    get: {
      id: 'getResult',
      summary: "Reads a job's result, or what a JMESPath finds in it",
      query: 'result',
      headers: ['Range'],
      answers: {
        200: {
          description: 'What the task returned, or what `select` finds in it.',
          body: 'Result',
        },
        206: { description: 'The part of it that was asked for.', body: 'Result' },
        202: { description: 'The job has not finished.', body: 'Job', headers: ['Retry-After'] },
        303: {
          description:
            'A link to a large result, or to a file, which holds for minutes and never longer than the result.',
          headers: ['Location'],
        },
      },
      problems: [
        'request.invalid',
        'job.not-found',
        'result.not-stored',
        'result.expired',
        'result.not-json',
        'result.too-large',
        'range.invalid',
      ],
    },
  },
  ...USAGE_OPERATIONS,
  ...AUDIT_OPERATIONS,
  ...ARCHIVE_OPERATIONS,
};
