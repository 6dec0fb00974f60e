import { Hono } from 'hono';
import { fromCursor, parsePageQuery, toCursor } from '#shared/contracts/page.ts';
import { AlmanacError } from '#shared/domain/almanac-error.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { StoredSchedule } from '#shared/domain/schedule/schedule.ts';
import type { ApiPorts } from './api-ports.ts';
import { jobResource } from './job-resource.ts';
import { readJsonBody } from './read-json-body.ts';
import { etagOf, scheduleResource } from './schedule-resource.ts';
import { understandNewSchedule, understandSchedule } from './understand-schedule.ts';
import {
  createSchedule,
  deleteSchedule,
  replaceSchedule,
  type WriteOptions,
} from './write-schedule.ts';

/** Serves `/schedules`. */
export function scheduleRoutes(ports: ApiPorts): Hono {
  const routes = new Hono();
  routes.get('/', async (c) => {
    const { limit, cursor } = parsePageQuery(c.req.query());
    const page = await ports.schedules.list({
      limit,
      ...(cursor !== undefined && { after: fromCursor(cursor) }),
    });
    const now = ports.now();
    return c.json({
      data: page.schedules.map((schedule) => scheduleResource(schedule, now)),
      next: page.next === undefined ? null : toCursor(page.next),
    });
  });
  routes.post('/', async (c) => {
    const options = writeOptions(ports, c.req.query('dryRun'));
    const { now } = options;
    const body = await readJsonBody(c.req.raw);
    const draft = understandNewSchedule(body, { registry: ports.registry, now, anchorAt: now });
    const schedule = await createSchedule(draft, options, ports);
    const response = answer(schedule, now);
    if (options.isDryRun) return response;
    response.headers.set('location', `/v1/schedules/${schedule.definition.scheduleId}`);
    return new Response(response.body, { status: 201, headers: response.headers });
  });
  routes.get('/:id', async (c) => {
    const schedule = await readSchedule(c.req.param('id'), ports);
    return answer(schedule, ports.now());
  });
  routes.put('/:id', async (c) => {
    const options = writeOptions(ports, c.req.query('dryRun'));
    const body = await readJsonBody(c.req.raw);
    const schedule = await replaceSchedule(
      {
        ...changeRequest(c.req.param('id'), c.req.header('if-match')),
        draftOf: (present) => draftFor(present, body, { ports, options }),
      },
      options,
      ports,
    );
    return answer(schedule, options.now);
  });
  routes.delete('/:id', async (c) => {
    const options = writeOptions(ports, c.req.query('dryRun'));
    await deleteSchedule(
      changeRequest(c.req.param('id'), c.req.header('if-match')),
      options,
      ports,
    );
    return c.body(null, 204);
  });
  routes.get('/:id/jobs', async (c) =>
    c.json(await listJobs(c.req.param('id'), c.req.query(), ports)),
  );
  return routes;
}

function writeOptions(ports: ApiPorts, dryRun: string | undefined): WriteOptions {
  return { now: ports.now(), isDryRun: dryRun === 'true' };
}

function changeRequest(scheduleId: string, ifMatch: string | undefined) {
  return { scheduleId, ...(ifMatch !== undefined && { ifMatch }) };
}

function draftFor(
  { definition }: StoredSchedule,
  body: unknown,
  { ports, options }: { readonly ports: ApiPorts; readonly options: WriteOptions },
) {
  const draft = understandSchedule(body, {
    registry: ports.registry,
    now: options.now,
    anchorAt: definition.anchorAt,
    present: definition.trigger,
  });
  if (draft.id === undefined || draft.id === definition.scheduleId) return draft;
  throw new AlmanacError('request.invalid', 'Expected the schedule of the address in the body.', {
    faults: [
      {
        pointer: '/id',
        code: 'id.invalid',
        detail: `Expected \`id\` to be \`${definition.scheduleId}\` or absent, got \`${draft.id}\`; an id cannot be changed.`,
      },
    ],
  });
}

function answer(schedule: StoredSchedule, now: EpochSeconds): Response {
  return Response.json(scheduleResource(schedule, now), {
    headers: { etag: etagOf(schedule.definition) },
  });
}

async function readSchedule(scheduleId: string, ports: ApiPorts): Promise<StoredSchedule> {
  const { definition, state } = await ports.schedules.read(scheduleId);
  if (definition && state && state.deletedAt === undefined) return { definition, state };
  throw new AlmanacError(
    'schedule.not-found',
    `Expected a schedule \`${scheduleId.slice(0, 64)}\`, got none.`,
  );
}

async function listJobs(
  scheduleId: string,
  query: Readonly<Record<string, string>>,
  ports: ApiPorts,
) {
  const { limit, cursor } = parsePageQuery(query);
  const page = await ports.jobs.list({
    scheduleId,
    limit,
    now: ports.now(),
    ...(cursor !== undefined && { after: fromCursor(cursor) }),
  });
  // A deleted schedule's jobs are still listed; only a list that was never there is refused.
  if (page.jobs.length === 0 && page.next === undefined && cursor === undefined)
    await readSchedule(scheduleId, ports);
  return {
    data: page.jobs.map(jobResource),
    next: page.next === undefined ? null : toCursor(page.next),
  };
}
