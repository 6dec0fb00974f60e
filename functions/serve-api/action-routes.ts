import { type Context, Hono } from 'hono';
import { parseQuery, writeQuery } from '#shared/contracts/parse-query.ts';
import { pauseBody, resumeBody, skipBody } from '#shared/contracts/schedule-actions.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { StoredSchedule } from '#shared/domain/schedule/schedule.ts';
import type { ApiPorts } from './api-ports.ts';
import { findSchedule } from './find-schedule.ts';
import { invalidRequest, parseBody } from './invalid-request.ts';
import { jobResource } from './job-resource.ts';
import { pauseSchedule } from './pause-schedule.ts';
import { readJsonBody, readOptionalBody } from './read-json-body.ts';
import { resumeSchedule } from './resume-schedule.ts';
import { etagOf, scheduleResource } from './schedule-resource.ts';
import { signerOf } from './signer-of.ts';
import { skipFireTime } from './skip-fire-time.ts';

/** Serves what is done with a schedule: `/schedules/{id}/pause` and its like. */
export function actionRoutes(ports: ApiPorts): Hono {
  const routes = new Hono();
  routes.post('/:id/pause', async (c) => {
    const context = contextOf(c, ports);
    const body = parseBody(pauseBody, await readOptionalBody(c.req.raw));
    if (body.until !== undefined && body.until <= context.now)
      throw invalidRequest([
        {
          pointer: '/until',
          code: 'field.invalid',
          detail: `Expected \`until\` to be later than now, got ${toIso(body.until)}.`,
        },
      ]);
    const request = { by: signerOf(c.env), ...body };
    return answer(await pauseSchedule(c.req.param('id'), request, context), context.now);
  });
  routes.post('/:id/resume', async (c) => {
    const context = contextOf(c, ports);
    const { catchUp } = parseBody(resumeBody, await readOptionalBody(c.req.raw));
    return answer(await resumeSchedule(c.req.param('id'), catchUp, context), context.now);
  });
  routes.post('/:id/skip', async (c) => {
    const { now, isDryRun } = contextOf(c, ports);
    const body = parseBody(skipBody, await readJsonBody(c.req.raw));
    const { definition } = await findSchedule(c.req.param('id'), ports.schedules);
    const request = { definition, by: signerOf(c.env), ...body, now, isDryRun };
    return c.json(jobResource(await skipFireTime(request, ports)));
  });
  return routes;
}

function contextOf(c: Context, ports: ApiPorts) {
  return { now: ports.now(), isDryRun: parseQuery(writeQuery, c.req.query()).dryRun, ports };
}

function answer(schedule: StoredSchedule, now: number): Response {
  return Response.json(scheduleResource(schedule, now), {
    headers: { etag: etagOf(schedule.definition) },
  });
}
