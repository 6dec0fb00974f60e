import { Hono } from 'hono';
import { parseQuery, writeQuery } from '#shared/contracts/parse-query.ts';
import type { ApiPorts } from './api-ports.ts';
import { backfillResource } from './backfill-resource.ts';
import { errandRoutes } from './errand-routes.ts';
import { findSchedule } from './find-schedule.ts';
import { forecastBackfill } from './forecast-backfill.ts';
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
    const location = `/v1/schedules/${backfill.scheduleId}/backfills/${backfill.errandId}`;
    return c.json(backfillResource(backfill), 202, { location });
  });
  const view = { kind: 'backfill', errands: ports.backfills, show: backfillResource } as const;
  routes.route('/', errandRoutes(view, ports));
  return routes;
}
