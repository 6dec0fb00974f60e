import { Hono } from 'hono';
import { backdateBody } from '#shared/contracts/backdatings.ts';
import { parseQuery, writeQuery } from '#shared/contracts/parse-query.ts';
import type { ApiPorts } from './api-ports.ts';
import { backdatingResource } from './backdating-resource.ts';
import { errandRoutes } from './errand-routes.ts';
import { findSchedule } from './find-schedule.ts';
import { forecastBackdating } from './forecast-backdating.ts';
import { parseBody } from './invalid-request.ts';
import { readOptionalBody } from './read-json-body.ts';
import { requestBackdating } from './request-backdating.ts';
import { signerOf } from './signer-of.ts';

/** Serves `/schedules/{id}/backdate` and `/schedules/{id}/backdatings`. */
export function backdatingRoutes(ports: ApiPorts): Hono {
  const routes = new Hono();
  routes.post('/:id/backdate', async (c) => {
    const now = ports.now();
    const isDryRun = parseQuery(writeQuery, c.req.query()).dryRun;
    const body = parseBody(backdateBody, await readOptionalBody(c.req.raw));
    const { definition } = await findSchedule(c.req.param('id'), ports.schedules);
    if (isDryRun)
      return c.json(await forecastBackdating(definition, { jobs: ports.backdatedJobs, now }));
    const request = { definition, by: signerOf(c.env), ...body, now };
    const backdating = await requestBackdating(request, ports);
    const location = `/v1/schedules/${backdating.scheduleId}/backdatings/${backdating.errandId}`;
    return c.json(backdatingResource(backdating), 202, { location });
  });
  const view = {
    kind: 'backdating',
    errands: ports.backdatings,
    show: backdatingResource,
  } as const;
  routes.route('/', errandRoutes(view, ports));
  return routes;
}
