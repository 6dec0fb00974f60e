import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { retentionBody } from '#shared/contracts/retention.ts';
import { simulationBody } from '#shared/contracts/simulation.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { startPolicyOf } from '#shared/domain/schedule/schedule-policy.ts';
import type { ApiPorts } from './api-ports.ts';
import { changeRetention } from './change-retention.ts';
import { findMetricFaults } from './find-metric-faults.ts';
import { findRetentionFaults } from './find-retention-faults.ts';
import { findTaskFaults } from './find-task-faults.ts';
import { invalidRequest, parseBody } from './invalid-request.ts';
import { jobResource } from './job-resource.ts';
import { policyOf } from './policy-of.ts';
import { readJsonBody } from './read-json-body.ts';
import { simulateRetention } from './simulate-retention.ts';

/** Serves what says how results are kept: `/jobs/{id}/retention`, `/retention/simulate`. */
export function retentionRoutes(ports: ApiPorts): Hono {
  const routes = new Hono();
  routes.patch('/jobs/:id/retention', async (c) => {
    const now = ports.now();
    const request = parseBody(retentionBody, await readJsonBody(c.req.raw));
    if (request.kind === 'until' && request.at <= now)
      throw invalidRequest([
        {
          pointer: '/expiresAt',
          code: 'retention.invalid',
          detail: `Expected \`expiresAt\` to be later than now, got ${toIso(request.at)}; \`resultExpirationTime\` 0 lets a result go at once.`,
        },
      ]);
    const limits = { now, longestSeconds: ports.retention.longestExpirationTime };
    const job = await changeRetention(
      c.req.param('id'),
      { request, limits },
      { ...ports, newName },
    );
    return c.json(jobResource(job));
  });
  routes.post('/retention/simulate', async (c) => {
    const { task, sample, previous, outcome, ...stated } = parseBody(
      simulationBody,
      await readJsonBody(c.req.raw),
    );
    const { registry, retention } = ports;
    const faults = [
      ...findMetricFaults(stated.metrics),
      ...(task === undefined ? [] : findTaskFaults(task, registry)),
      ...findRetentionFaults(stated, retention.longestExpirationTime),
    ];
    if (faults.length > 0) throw invalidRequest(faults);
    const context = { task: registry.find(task ?? ''), retention };
    const policy = startPolicyOf(policyOf(stated, context));
    const simulation = {
      policy,
      sample,
      outcome,
      now: ports.now(),
      ...(previous !== undefined && { previous }),
    };
    return c.json(await simulateRetention(simulation, ports.redactionKey));
  });
  return routes;
}

/** Seventy-two random bits, as the runner's owners have. */
function newName(): string {
  return randomBytes(9).toString('base64url');
}
