import { type Context, Hono } from 'hono';
import { newJobBody, runBody } from '#shared/contracts/job-actions.ts';
import { parseQuery, writeQuery } from '#shared/contracts/parse-query.ts';
import type { RequestFault } from '#shared/domain/almanac-error.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { DEFAULT_CATCH_UP_WINDOW_SECONDS } from '#shared/domain/job/policy.ts';
import { startOf } from '#shared/domain/schedule/due-starts.ts';
import { jobPolicyOf } from '#shared/domain/schedule/schedule-policy.ts';
import type { ApiPorts } from './api-ports.ts';
import { findIndexFaults } from './find-index-faults.ts';
import { findInputFaults } from './find-input-faults.ts';
import { findRetentionFaults } from './find-retention-faults.ts';
import { findSchedule } from './find-schedule.ts';
import { findTaskFaults } from './find-task-faults.ts';
import { findUnheededPolicies } from './find-unheeded-policies.ts';
import { invalidRequest, parseBody } from './invalid-request.ts';
import { jobResource } from './job-resource.ts';
import { jobWithResultText } from './job-with-result.ts';
import { policyOf } from './policy-of.ts';
import { readJsonBody, readOptionalBody } from './read-json-body.ts';
import { signerOf } from './signer-of.ts';
import { submissionMark } from './submission-mark.ts';
import { type Submission, submitJob } from './submit-job.ts';
import { waitForJob, waitSecondsOf } from './wait-for-job.ts';

/** Serves what asks for one job: `POST /jobs`, and `POST /schedules/{id}/run`. */
export function submissionRoutes(ports: ApiPorts): Hono {
  const routes = new Hono();
  routes.post('/jobs', async (c) => {
    const body = await readJsonBody(c.req.raw);
    return submit(c, body, { draft: directDraft(body, ports), ports });
  });
  routes.post('/schedules/:id/run', async (c) => {
    const body = await readOptionalBody(c.req.raw);
    return submit(c, body, { draft: await runDraft(c.req.param('id'), body, ports), ports });
  });
  return routes;
}

type Draft = Submission['draft'];

function directDraft(body: unknown, ports: ApiPorts): Draft {
  const { registry, retention, now } = ports;
  const { task, input, metadata, startDeadline, ...policies } = parseBody(newJobBody, body);
  refuse([
    ...findTaskFaults(task, registry),
    ...findInputFaults({ task, input }, registry),
    ...findUnheededPolicies(policies, registry.find(task)),
    ...findRetentionFaults(policies, retention.longestExpirationTime),
    ...findIndexFaults(policies.indexes),
  ]);
  return {
    scheduleId: `task:${task}`,
    // No schedule, so no revision of one.
    revision: 0,
    deliverBy: toIso(now() + (startDeadline ?? DEFAULT_CATCH_UP_WINDOW_SECONDS)),
    task,
    input,
    policy: jobPolicyOf(
      policyOf(policies, { task: registry.find(task), retention, isOfOneJob: true }),
    ),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  };
}

/** It runs whether or not the schedule is paused: someone asks for it by name. */
async function runDraft(scheduleId: string, body: unknown, ports: ApiPorts): Promise<Draft> {
  const changes = parseBody(runBody, body);
  const { definition } = await findSchedule(scheduleId, ports.schedules);
  const { task, policy } = definition;
  const input = 'input' in changes ? changes.input : definition.input;
  refuse([
    ...findInputFaults({ task, input, trigger: definition.trigger }, ports.registry),
    ...findUnheededPolicies(changes, ports.registry.find(task)),
  ]);
  const window = policy.catchUpWindow ?? DEFAULT_CATCH_UP_WINDOW_SECONDS;
  const { v: _v, attempt: _a, ...start } = startOf(definition, toIso(ports.now()));
  const { overlap = policy.overlap } = changes;
  return {
    ...start,
    policy: { ...start.policy, ...(overlap && { overlap }) },
    input,
    deliverBy: toIso(ports.now() + window),
  };
}

function refuse(faults: readonly RequestFault[]): void {
  if (faults.length > 0) throw invalidRequest(faults);
}

async function submit(
  c: Context,
  body: unknown,
  { draft, ports }: { readonly draft: Draft; readonly ports: ApiPorts },
): Promise<Response> {
  const now = ports.now();
  const isDryRun = parseQuery(writeQuery, c.req.query()).dryRun;
  const key = c.req.header('idempotency-key');
  const { scheduleId } = draft;
  const caller = signerOf(c.env);
  const mark =
    key === undefined ? undefined : submissionMark({ key, caller, scheduleId, body, now });
  if (!isDryRun && draft.revision > 0) await ports.schedules.noteAsked(scheduleId, now);
  const job = await submitJob({ draft, mark, now, isDryRun }, ports);
  if (isDryRun) return Response.json(jobResource(job));
  return answer(await waitForJob(job, waitSecondsOf(c.req.header('prefer')), ports), ports);
}

function answer(job: Job, ports: ApiPorts): Response {
  const path = `/v1/jobs/${job.id}`;
  const text = jobWithResultText(job, ports.now());
  const status = job.state === 'settled' ? 200 : 202;
  return new Response(text, { status, headers: headersFor(path) });
}

function headersFor(location: string) {
  return { 'content-type': 'application/json', 'cache-control': 'no-store', location };
}
