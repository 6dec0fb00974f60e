import { Hono } from 'hono';
import { pageQuery, parseQuery, writeQuery } from '#shared/contracts/parse-query.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { StoredSchedule } from '#shared/domain/schedule/schedule.ts';
import type { ApiPorts } from './api-ports.ts';
import { budgetWarnings, checkResource } from './budget-resource.ts';
import { findSchedule } from './find-schedule.ts';
import { forecastSchedule } from './forecast-schedule.ts';
import { pageAnswer, readPageRequest } from './page.ts';
import { patchSchedule } from './patch-schedule.ts';
import { readJsonBody } from './read-json-body.ts';
import { etagOf, scheduleResource } from './schedule-resource.ts';
import { understandSchedule } from './understand-schedule.ts';
import type { WrittenSchedule } from './weigh-schedule.ts';
import {
  createSchedule,
  deleteSchedule,
  replaceSchedule,
  type WriteOptions,
} from './write-schedule.ts';

type Query = Readonly<Record<string, string>>;

/** Serves `/schedules`. */
export function scheduleRoutes(ports: ApiPorts): Hono {
  const { registry, calendars, retention } = ports;
  const routes = new Hono();
  routes.get('/', async (c) => c.json(await listSchedules(c.req.path, c.req.query(), ports)));
  routes.post('/', async (c) => {
    const options = writeOptions(c.req.query(), ports);
    const { now } = options;
    const body = await readJsonBody(c.req.raw);
    const draft = understandSchedule(body, { registry, calendars, retention, now });
    const schedule = await createSchedule(draft, options, ports);
    if (options.isDryRun) return dryAnswer(schedule, now, ports);
    const location = `/v1/schedules/${schedule.definition.scheduleId}`;
    return writtenAnswer(schedule, now, { status: 201, headers: { location } });
  });
  routes.get('/:id', async (c) =>
    answer(await findSchedule(c.req.param('id'), ports.schedules), ports.now()),
  );
  routes.put('/:id', async (c) => {
    const options = writeOptions(c.req.query(), ports);
    const { now } = options;
    const body = await readJsonBody(c.req.raw);
    const request = changeRequest(c.req.param('id'), c.req.header('if-match'));
    const draftOf = ({ definition }: StoredSchedule) =>
      understandSchedule(body, { registry, calendars, retention, now, present: definition });
    return changeAnswer(
      await replaceSchedule({ ...request, draftOf }, options, ports),
      options,
      ports,
    );
  });
  routes.patch('/:id', async (c) => {
    const options = writeOptions(c.req.query(), ports);
    const { now } = options;
    const body = await readJsonBody(c.req.raw);
    const request = changeRequest(c.req.param('id'), c.req.header('if-match'));
    const draftOf = (present: StoredSchedule) =>
      patchSchedule(present, body, { registry, calendars, retention, now });
    return changeAnswer(
      await replaceSchedule({ ...request, draftOf }, options, ports),
      options,
      ports,
    );
  });
  routes.delete('/:id', async (c) => {
    const request = changeRequest(c.req.param('id'), c.req.header('if-match'));
    await deleteSchedule(request, writeOptions(c.req.query(), ports), ports);
    return c.body(null, 204);
  });
  return routes;
}

function writeOptions(query: Query, ports: ApiPorts): WriteOptions {
  return { now: ports.now(), isDryRun: parseQuery(writeQuery, query).dryRun };
}

function changeRequest(scheduleId: string, ifMatch: string | undefined) {
  return { scheduleId, ...(ifMatch !== undefined && { ifMatch }) };
}

interface AnswerOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Members beside the schedule's own. */
  readonly more?: object;
}

function changeAnswer(
  schedule: WrittenSchedule,
  { now, isDryRun }: WriteOptions,
  ports: ApiPorts,
): Response | Promise<Response> {
  return isDryRun ? dryAnswer(schedule, now, ports) : writtenAnswer(schedule, now);
}

function writtenAnswer(
  schedule: WrittenSchedule,
  now: EpochSeconds,
  options: AnswerOptions = {},
): Response {
  return answer(schedule, now, { ...options, more: budgetWarnings(schedule.checks) });
}

/** Nothing is written, and so there is time to say what would come of it. */
async function dryAnswer(
  schedule: WrittenSchedule,
  now: EpochSeconds,
  ports: ApiPorts,
): Promise<Response> {
  const forecast = await forecastSchedule(schedule.definition, { now }, ports);
  const { checks } = schedule;
  return answer(schedule, now, {
    more: {
      ...(forecast && { forecast }),
      ...(checks.length > 0 && { budgets: checks.map(checkResource) }),
      ...budgetWarnings(checks),
    },
  });
}

function answer(
  schedule: StoredSchedule,
  now: EpochSeconds,
  { status = 200, headers = {}, more = {} }: AnswerOptions = {},
): Response {
  return Response.json(
    { ...scheduleResource(schedule, now), ...more },
    {
      status,
      headers: { etag: etagOf(schedule.definition), ...headers },
    },
  );
}

async function listSchedules(path: string, query: Query, ports: ApiPorts) {
  const request = await readPageRequest(pageQuery, { path, query }, ports.cursorKey);
  const {
    query: { limit },
    place,
  } = request;
  const page = await ports.schedules.list({
    limit,
    ...(place !== undefined && { after: place }),
  });
  const now = ports.now();
  const data = page.schedules.map((schedule) => scheduleResource(schedule, now));
  return pageAnswer({ ...page, data }, request, ports.cursorKey);
}
