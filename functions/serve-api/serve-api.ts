import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import * as z from 'zod';
import { openApi } from '#shared/contracts/open-api.ts';
import { AlmanacError } from '#shared/domain/almanac-error.ts';
import type { ApiPorts } from './api-ports.ts';
import { jobRoutes } from './job-routes.ts';
import { problemResponse } from './problem-response.ts';
import { scheduleRoutes } from './schedule-routes.ts';

/**
 * Makes the HTTP API: a Request in, a Response out, whatever carries them.
 *
 * Every error is answered as a problem of RFC 9457 with a stable code.
 */
export function createApi(ports: ApiPorts): Hono {
  const api = new Hono({ strict: false }).basePath('/v1');
  api.get('/health', (c) => c.json({ status: 'ok' }));
  api.get('/openapi.json', (c) => c.json(openApi()));
  api.get('/tasks', (c) => c.json({ data: ports.registry.tasks, next: null }));
  api.route('/schedules', scheduleRoutes(ports));
  api.route('/jobs', jobRoutes(ports));
  api.notFound((c) => {
    throw unknownRoute(api, c.req.method, c.req.path);
  });
  api.onError((error, c) => {
    const requestId = requestIdOf(c.env);
    if (!(error instanceof AlmanacError) || error.code === 'store.unavailable')
      ports.reportError(error, requestId);
    return problemResponse(error, requestId);
  });
  return api;
}

/** API Gateway's id of a request, which its own logs have too; one is made up where something else carries the request. */
function requestIdOf(env: unknown): string {
  const gateway = z.object({ requestContext: z.object({ requestId: z.string() }) }).safeParse(env);
  return gateway.data?.requestContext.requestId ?? randomUUID();
}

function unknownRoute(api: Hono, method: string, path: string): AlmanacError {
  const methods = api.routes
    .filter((route) => isPathOf(route.path, path))
    .map((route) => route.method);
  const allowed = [...new Set(methods)].filter((known) => known !== 'ALL');
  return allowed.length === 0
    ? new AlmanacError(
        'route.unknown',
        `Expected an address of the API, got ${method} ${path.slice(0, 128)}. See /v1/openapi.json.`,
      )
    : new AlmanacError(
        'method.not-allowed',
        `Expected ${allowed.join(' or ')} at ${path.slice(0, 128)}, got ${method}.`,
      );
}

function isPathOf(pattern: string, path: string): boolean {
  const expected = pattern.split('/');
  const actual = path.replace(/\/$/, '').split('/');
  return (
    expected.length === actual.length &&
    expected.every((segment, at) => segment.startsWith(':') || segment === actual[at])
  );
}
