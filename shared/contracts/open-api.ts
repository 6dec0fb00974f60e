import * as z from 'zod';
import { auditBody, auditResource } from '#shared/contracts/audits.ts';
import {
  backdateBody,
  backdatingForecast,
  backdatingResource,
} from '#shared/contracts/backdatings.ts';
import { backfillBody, backfillForecast, backfillResource } from '#shared/contracts/backfills.ts';
import { budgetResource } from '#shared/contracts/budgets.ts';
import { cancelBody, newJobBody, runBody } from '#shared/contracts/job-actions.ts';
import { jobsQuery, latestQuery, scheduleJobsQuery } from '#shared/contracts/job-queries.ts';
import { metricsQuery, metricsResource } from '#shared/contracts/metrics.ts';
import {
  type Answer,
  HEADERS,
  type Operation,
  PATH_PARAMETERS,
  REQUEST_HEADERS,
} from '#shared/contracts/operation.ts';
import { OPERATIONS } from '#shared/contracts/operations.ts';
import {
  changeQuery,
  explainQuery,
  pageQuery,
  resultQuery,
  writeQuery,
} from '#shared/contracts/parse-query.ts';
import { previewBody, previewQuery, previewResource } from '#shared/contracts/preview.ts';
import { problem } from '#shared/contracts/problem.ts';
import {
  jobResource,
  jobWithResult,
  listOf,
  patch,
  scheduleResource,
  settledJobResource,
} from '#shared/contracts/resources.ts';
import { restorationBody, restorationResource } from '#shared/contracts/restoration.ts';
import { retentionBody } from '#shared/contracts/retention.ts';
import { pauseBody, resumeBody, skipBody } from '#shared/contracts/schedule-actions.ts';
import { newScheduleBody, scheduleBody, schedulePatch } from '#shared/contracts/schedule-body.ts';
import { simulationBody, simulationResource } from '#shared/contracts/simulation.ts';
import { taskResource } from '#shared/contracts/task-resource.ts';
import { usageDaysResource, usageQuery, usageResource } from '#shared/contracts/usage.ts';
import { PROBLEMS, type ProblemCode } from '#shared/domain/almanac-error.ts';

type Json = { readonly [key: string]: unknown };

/** What clients send. */
const BODIES = {
  AuditRequest: auditBody,
  Cancellation: cancelBody,
  NewBackdating: backdateBody,
  NewBackfill: backfillBody,
  NewJob: newJobBody,
  NewSchedule: newScheduleBody,
  Pause: pauseBody,
  PreviewedTrigger: previewBody,
  ReplacedSchedule: scheduleBody,
  Restoration: restorationBody,
  Resumption: resumeBody,
  Retention: retentionBody,
  Run: runBody,
  SchedulePatch: schedulePatch,
  Simulation: simulationBody,
  Skip: skipBody,
};

/** What the API answers. */
const ANSWERS = {
  Audit: auditResource,
  AuditPage: listOf(auditResource),
  Backdating: backdatingResource,
  BackdatingForecast: backdatingForecast,
  BackdatingPage: listOf(backdatingResource),
  Backfill: backfillResource,
  BackfillForecast: backfillForecast,
  BackfillPage: listOf(backfillResource),
  BudgetPage: listOf(budgetResource),
  Description: z.record(z.string(), z.unknown()),
  Health: z.object({ status: z.literal('ok') }),
  Job: jobResource,
  JobWithResult: jobWithResult,
  JobPage: listOf(jobResource),
  Metrics: metricsResource,
  Patch: patch,
  Preview: previewResource,
  Problem: problem,
  Restored: restorationResource,
  Result: z.unknown(),
  Schedule: scheduleResource,
  SchedulePage: listOf(scheduleResource),
  SettledJob: settledJobResource,
  SettledJobPage: listOf(settledJobResource),
  SimulatedResult: simulationResource,
  Usage: usageDaysResource,
  UsagePage: listOf(usageResource),
  Task: taskResource,
  TaskPage: listOf(taskResource),
};

const QUERIES = {
  change: changeQuery,
  explain: explainQuery,
  jobs: jobsQuery,
  jobsOfSchedule: scheduleJobsQuery,
  latest: latestQuery,
  metrics: metricsQuery,
  page: pageQuery,
  preview: previewQuery,
  result: resultQuery,
  usage: usageQuery,
  write: writeQuery,
};

/** Any operation may fail so. */
const COMMON_PROBLEMS: readonly ProblemCode[] = ['internal', 'store.unavailable'];

/** Writes the API's description in OpenAPI 3.1, from the same schemas that check its requests. */
export function openApi(): Json {
  const paths = Object.entries(OPERATIONS).map(([path, operations]) => [
    path,
    {
      ...parametersOfPath(path),
      ...Object.fromEntries(
        Object.entries(operations).map(([method, operation]) => [method, describe(operation)]),
      ),
    },
  ]);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Almanac',
      version: '1',
      description: 'A serverless scheduler for AWS that remembers.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: Object.fromEntries(paths),
    components: {
      schemas: { ...componentsOf(BODIES, 'input'), ...componentsOf(ANSWERS, 'output') },
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
  const { id, summary, query, headers = [], answers, problems } = operation;
  const parameters = [
    ...(query ? queryParameters(QUERIES[query]) : []),
    ...headers.map(parameterOfHeader),
  ];
  return {
    operationId: id,
    summary,
    security: id === 'getHealth' ? [] : [{ iam: [] }],
    ...(parameters.length > 0 && { parameters }),
    ...requestBodyOf(operation),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [status, responseOf(answer)]),
      ),
      ...problemResponses([...problems, ...COMMON_PROBLEMS]),
    },
  };
}

function requestBodyOf({ body, mayLackBody = false, isPatch = false }: Operation): Json {
  if (body === undefined) return {};
  const json = jsonContent(body);
  const content = isPatch
    ? { 'application/merge-patch+json': json['application/json'], ...json }
    : json;
  return { requestBody: { required: !mayLackBody, content } };
}

function responseOf({ description, body, mediaType, headers = [] }: Answer): Json {
  return {
    description,
    ...(headers.length > 0 && {
      headers: Object.fromEntries(
        headers.map((name) => [name, { description: HEADERS[name], schema: { type: 'string' } }]),
      ),
    }),
    ...(body !== undefined && { content: jsonContent(body, mediaType) }),
  };
}

/** Codes of one status share its response. */
function problemResponses(codes: readonly ProblemCode[]): Json {
  const byStatus = Object.groupBy(codes, (code) => PROBLEMS[code].status);
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, same = []]) => [
      status,
      {
        description: same.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' '),
        content: { 'application/problem+json': { schema: referTo('Problem') } },
      },
    ]),
  );
}

function jsonContent(component: string, mediaType = 'application/json'): Json {
  return { [mediaType]: { schema: referTo(component) } };
}

function referTo(component: string): Json {
  return { $ref: pointTo(component) };
}

function pointTo(component: string): string {
  return `#/components/schemas/${component}`;
}

/** Writes schemas as components that refer to each other by name. */
function componentsOf(named: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output'): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io, uri: pointTo, unrepresentable: 'any' });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _, $id: _id, ...schema }]) => [name, schema]),
  );
}

function parameterOfHeader(name: keyof typeof REQUEST_HEADERS): Json {
  return { name, in: 'header', description: REQUEST_HEADERS[name], schema: { type: 'string' } };
}

function parametersOfPath(path: string): Json {
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    description: PATH_PARAMETERS[name],
    schema: { type: 'string' },
  }));
  return parameters.length > 0 ? { parameters } : {};
}

function queryParameters(query: z.ZodType): readonly Json[] {
  const { properties = {} } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema }));
}
