import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import * as z from 'zod';
import { openApi } from '#shared/contracts/open-api.ts';
import { explainQuery, parseQuery } from '#shared/contracts/parse-query.ts';
import { AlmanacError } from '#shared/domain/almanac-error.ts';
import { NO_COST } from '#shared/domain/read-cost.ts';
import { actionRoutes } from './action-routes.ts';
import type { ApiPorts } from './api-ports.ts';
import { archiveRoutes } from './archive-routes.ts';
import { auditRoutes } from './audit-routes.ts';
import { backdatingRoutes } from './backdating-routes.ts';
import { backfillRoutes } from './backfill-routes.ts';
import { budgetRoutes } from './budget-routes.ts';
import { jobListRoutes } from './job-list-routes.ts';
import { jobRoutes } from './job-routes.ts';
import { metricRoutes } from './metric-routes.ts';
import { previewRoutes } from './preview-routes.ts';
import { problemResponse } from './problem-response.ts';
import { retentionRoutes } from './retention-routes.ts';
import { scheduleRoutes } from './schedule-routes.ts';
import { submissionRoutes } from './submission-routes.ts';
import { usageRoutes } from './usage-routes.ts';

/**
 * Makes the HTTP API: a Request in, a Response out, whatever carries them.
 *
 * Every error is answered as a problem of RFC 9457 with a stable code.
 */
export function createApi(ports: ApiPorts): Hono {
  const api = new Hono({ strict: false }).basePath('/v1');
  api.get('/health', (c) => c.json({ status: 'ok' }));
  api.get('/openapi.json', (c) => c.json(openApi()));
  api.get('/tasks', (c) => c.json(listTasks(c.req.query(), ports)));
  api.route('/schedules', scheduleRoutes(ports));
  api.route('/schedules', actionRoutes(ports));
  api.route('/schedules', backfillRoutes(ports));
  api.route('/schedules', metricRoutes(ports));
  api.route('/schedules', backdatingRoutes(ports));
  api.route('/', jobListRoutes(ports));
  api.route('/jobs', jobRoutes(ports));
  api.route('/', submissionRoutes(ports));
  api.route('/', previewRoutes(ports));
  api.route('/usage', usageRoutes(ports));
  api.route('/budgets', budgetRoutes(ports));
  api.route('/audits', auditRoutes(ports));
  api.route('/archive', archiveRoutes(ports));
  api.route('/', retentionRoutes(ports));
  api.notFound((c) => {
    const { method, path } = c.req;
    return unknownRoute({ method, path, requestId: requestIdOf(c.env) }, methodsAt(api, path));
  });
  api.onError((error, c) => {
    const requestId = requestIdOf(c.env);
    if (!(error instanceof AlmanacError) || error.code === 'store.unavailable')
      ports.reportError(error, requestId);
    return problemResponse(error, requestId);
  });
  return api;
}

/** The tasks stand beside the code: listing them reads nothing. */
function listTasks(query: Readonly<Record<string, string>>, { registry }: ApiPorts) {
  const { explain } = parseQuery(explainQuery, query);
  return { data: registry.tasks, next: null, ...(explain && { explain: NO_COST }) };
}

/** API Gateway's id of a request, which its own logs have too; one is made up where something else carries the request. */
function requestIdOf(env: unknown): string {
  const gateway = z.object({ requestContext: z.object({ requestId: z.string() }) }).safeParse(env);
  return gateway.data?.requestContext.requestId ?? randomUUID();
}

function unknownRoute(
  request: { readonly method: string; readonly path: string; readonly requestId: string },
  allowed: readonly string[],
): Response {
  const { method, path, requestId } = request;
  const shownPath = path.slice(0, 128);
  if (allowed.length === 0) {
    const message = `Expected an address of the API, got ${method} ${shownPath}. See /v1/openapi.json.`;
    return problemResponse(new AlmanacError('route.unknown', message), requestId);
  }
  const message = `Expected ${allowed.join(' or ')} at ${shownPath}, got ${method}.`;
  // The header is a must: https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6
  return problemResponse(new AlmanacError('method.not-allowed', message), requestId, {
    allow: allowed.join(', '),
  });
}

function methodsAt(api: Hono, path: string): readonly string[] {
  const methods = api.routes
    .filter((route) => isPathOf(route.path, path))
    .map((route) => route.method);
  return [...new Set(methods)];
}

function isPathOf(pattern: string, path: string): boolean {
  const expected = segmentsOf(pattern);
  const actual = segmentsOf(path);
  return (
    expected.length === actual.length &&
    expected.every((segment, at) =>
      segment.startsWith(':') ? actual[at] !== '' : segment === actual[at],
    )
  );
}

function segmentsOf(path: string): readonly string[] {
  return path.replace(/\/$/, '').split('/');
}
