import * as z from 'zod';
import { pageQuery } from '#shared/contracts/page.ts';
import {
  jobResource,
  listOf,
  problem,
  scheduleResource,
  taskResource,
} from '#shared/contracts/resources.ts';
import { newScheduleBody, scheduleBody } from '#shared/contracts/schedule-body.ts';
import { PROBLEMS, type ProblemCode } from '#shared/domain/almanac-error.ts';

type Json = { readonly [key: string]: unknown };

/** One operation of the API, as its documentation is made from it. */
interface Operation {
  readonly id: string;
  readonly summary: string;
  readonly parameters?: readonly Json[];
  readonly body?: z.ZodType;
  /** By status: a sentence and, where there is one, the body. */
  readonly answers: Readonly<Record<number, readonly [string, z.ZodType?]>>;
  readonly problems: readonly ProblemCode[];
}

const scheduleId = pathParameter('id', 'The id of a schedule.');
const jobId = pathParameter('id', 'The id of a job, as `daily-sales@20261123T090000Z`.');
const ifMatch = headerParameter('If-Match', 'The ETag that the schedule was read with.');
const dryRun: Json = {
  name: 'dryRun',
  in: 'query',
  description: '`true` answers what would be, and writes nothing.',
  schema: { type: 'string', enum: ['true', 'false'] },
};
const page = pageParameters();
const BODY_PROBLEMS = [
  'body.malformed',
  'body.too-large',
  'body.media-type',
  'request.invalid',
] as const;

const OPERATIONS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/v1/health': {
    get: {
      id: 'getHealth',
      summary: 'Answers without credentials',
      answers: { 200: ['The API answers.', z.object({ status: z.literal('ok') })] },
      problems: [],
    },
  },
  '/v1/tasks': {
    get: {
      id: 'listTasks',
      summary: 'Lists the tasks of this deployment',
      answers: { 200: ['All tasks.', listOf(taskResource)] },
      problems: [],
    },
  },
  '/v1/schedules': {
    get: {
      id: 'listSchedules',
      summary: 'Lists schedules by id',
      parameters: page,
      answers: { 200: ['A page, which may be short.', listOf(scheduleResource)] },
      problems: ['cursor.invalid', 'request.invalid'],
    },
    post: {
      id: 'createSchedule',
      summary: 'Creates a schedule',
      parameters: [dryRun],
      body: newScheduleBody,
      answers: {
        200: ['What would be created.', scheduleResource],
        201: ['The schedule.', scheduleResource],
      },
      problems: [...BODY_PROBLEMS, 'schedule.exists'],
    },
  },
  '/v1/schedules/{id}': {
    get: {
      id: 'getSchedule',
      summary: 'Reads a schedule',
      parameters: [scheduleId],
      answers: { 200: ['The schedule, with its ETag.', scheduleResource] },
      problems: ['schedule.not-found'],
    },
    put: {
      id: 'replaceSchedule',
      summary: 'Replaces a schedule',
      parameters: [scheduleId, ifMatch, dryRun],
      body: scheduleBody,
      answers: { 200: ['The schedule as it is now.', scheduleResource] },
      problems: [...BODY_PROBLEMS, 'schedule.not-found', 'schedule.stale'],
    },
    delete: {
      id: 'deleteSchedule',
      summary: 'Deletes a schedule; its jobs keep their own time',
      parameters: [scheduleId, ifMatch, dryRun],
      answers: { 204: ['It is gone.'] },
      problems: ['schedule.not-found', 'schedule.stale'],
    },
  },
  '/v1/schedules/{id}/jobs': {
    get: {
      id: 'listJobsOfSchedule',
      summary: "Lists a schedule's jobs, newest first",
      parameters: [scheduleId, ...page],
      answers: { 200: ['A page, which may be short or empty.', listOf(jobResource)] },
      problems: ['cursor.invalid', 'request.invalid', 'schedule.not-found'],
    },
  },
  '/v1/jobs/{id}': {
    get: {
      id: 'getJob',
      summary: 'Reads a job, without its result',
      parameters: [jobId],
      answers: { 200: ['The job.', jobResource] },
      problems: ['job.not-found'],
    },
  },
  '/v1/jobs/{id}/result': {
    get: {
      id: 'getResult',
      summary: "Reads a job's result",
      parameters: [jobId],
      answers: {
        200: ['What the task returned.', z.json()],
        202: ['The job has not finished.', jobResource],
        303: ['A link to a large result, in `Location`, that holds for minutes.'],
      },
      problems: ['job.not-found', 'result.not-stored', 'result.expired'],
    },
  },
};

/** Writes the API's description in OpenAPI 3.1, from the same schemas that check its requests. */
export function openApi(): Json {
  const paths = Object.fromEntries(
    Object.entries(OPERATIONS).map(([path, operations]) => [
      path,
      Object.fromEntries(
        Object.entries(operations).map(([method, operation]) => [method, describe(operation)]),
      ),
    ]),
  );
  return {
    openapi: '3.1.0',
    info: {
      title: 'Almanac',
      version: '1',
      description: 'A serverless scheduler for AWS that remembers.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      securitySchemes: {
        iam: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'AWS Signature Version 4 for the service execute-api.',
        },
      },
    },
  };
}

function describe(operation: Operation): Json {
  const { id, summary, parameters = [], body } = operation;
  return {
    operationId: id,
    summary,
    security: id === 'getHealth' ? [] : [{ iam: [] }],
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: jsonContent(body, 'input') } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(operation.answers).map(([status, [description, schema]]) => [
          status,
          { description, ...(schema && { content: jsonContent(schema, 'output') }) },
        ]),
      ),
      ...problemResponses(operation.problems),
    },
  };
}

/** Codes of one status share its response. */
function problemResponses(codes: readonly ProblemCode[]): Json {
  const byStatus = Object.groupBy(
    [...codes, 'store.unavailable' as const],
    (code) => PROBLEMS[code].status,
  );
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, same = []]) => [
      status,
      {
        description: same.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' '),
        content: { 'application/problem+json': { schema: schemaOf(problem, 'output') } },
      },
    ]),
  );
}

function jsonContent(schema: z.ZodType, io: 'input' | 'output'): Json {
  return { 'application/json': { schema: schemaOf(schema, io) } };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    reused: 'inline',
  });
  return json;
}

function pathParameter(name: string, description: string): Json {
  return { name, in: 'path', required: true, description, schema: { type: 'string' } };
}

function headerParameter(name: string, description: string): Json {
  return { name, in: 'header', description, schema: { type: 'string' } };
}

function pageParameters(): readonly Json[] {
  const { properties = {} } = z.toJSONSchema(pageQuery, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema }));
}
