import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { retentionBody } from '#shared/contracts/retention.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { ApiPorts } from './api-ports.ts';
import { changeRetention } from './change-retention.ts';
import { invalidRequest, parseBody } from './invalid-request.ts';
import { jobResource } from './job-resource.ts';
import { readJsonBody } from './read-json-body.ts';

/** Serves what changes how long results are kept: `/jobs/{id}/retention`. */
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
  return routes;
}

/** Seventy-two random bits, as the runner's owners have. */
function newName(): string {
  return randomBytes(9).toString('base64url');
}
