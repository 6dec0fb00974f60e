import { Hono } from 'hono';
import { pageQuery, parseQuery, writeQuery } from '#shared/contracts/parse-query.ts';
import { ID_PATTERN } from '#shared/domain/job/job-key.ts';
import type { ApiPorts } from './api-ports.ts';
import { backfillResource } from './backfill-resource.ts';
import { cancelBackfill } from './cancel-backfill.ts';
import { findBackfill } from './find-backfill.ts';
import { findSchedule } from './find-schedule.ts';
import { forecastBackfill } from './forecast-backfill.ts';
import { pageAnswer, readPageRequest } from './page.ts';
import { readJsonBody } from './read-json-body.ts';
import { requestBackfill } from './request-backfill.ts';
import { signerOf } from './signer-of.ts';
import { understandBackfill } from './understand-backfill.ts';

/** Serves `/schedules/{id}/backfill` and `/schedules/{id}/backfills`. */
export function backfillRoutes(ports: ApiPorts): Hono {
  const routes = new Hono();
  routes.post('/:id/backfill', async (c) => {
    const now = ports.now();
    const isDryRun = parseQuery(writeQuery, c.req.query()).dryRun;
    const body = await readJsonBody(c.req.raw);
    const { definition } = await findSchedule(c.req.param('id'), ports.schedules);
    const draft = understandBackfill(body, definition, { registry: ports.registry, now });
    if (isDryRun)
      return c.json(await forecastBackfill(draft, definition, { jobs: ports.standings, now }));
    const request = { draft, definition, by: signerOf(c.env), now };
    const backfill = await requestBackfill(request, ports);
    const location = `/v1/schedules/${backfill.scheduleId}/backfills/${backfill.backfillId}`;
    return c.json(backfillResource(backfill), 202, { location });
  });
  routes.get('/:id/backfills', async (c) => {
    const asked = { path: c.req.path, query: c.req.query() };
    return c.json(await listBackfills(c.req.param('id'), asked, ports));
  });
  routes.get('/:id/backfills/:backfillId', async (c) => {
    const { id, backfillId } = c.req.param();
    return c.json(backfillResource(await findBackfill(id, backfillId, ports.backfills)));
  });
  routes.post('/:id/backfills/:backfillId/cancel', async (c) => {
    const { id: scheduleId, backfillId } = c.req.param();
    const request = { by: signerOf(c.env), now: ports.now() };
    const cancelled = await cancelBackfill({ scheduleId, backfillId }, request, ports.backfills);
    return c.json(backfillResource(cancelled));
  });
  return routes;
}

/** A deleted schedule's backfills are still listed; only a list that was never there is refused. */
async function listBackfills(
  scheduleId: string,
  asked: { readonly path: string; readonly query: Readonly<Record<string, string>> },
  ports: ApiPorts,
) {
  const request = await readPageRequest(pageQuery, asked, ports.cursorKey);
  // No store is asked for a key that it could not hold.
  if (!ID_PATTERN.test(scheduleId)) await findSchedule(scheduleId, ports.schedules);
  const { backfills, next, cost } = await ports.backfills.list(scheduleId, {
    limit: request.query.limit,
    ...(request.place !== undefined && { after: request.place }),
  });
  if (backfills.length === 0) await findSchedule(scheduleId, ports.schedules);
  const data = backfills.map(backfillResource);
  return pageAnswer({ data, ...(next !== undefined && { next }), cost }, request, ports.cursorKey);
}
