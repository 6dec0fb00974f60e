import { type Context, Hono } from 'hono';
import { changeQuery, pageQuery, parseQuery, writeQuery } from '#shared/contracts/parse-query.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { StoredSchedule } from '#shared/domain/schedule/schedule.ts';
import type { ApiPorts } from './api-ports.ts';
import { backdatingResource } from './backdating-resource.ts';
import { budgetWarnings, checkResource } from './budget-resource.ts';
import { findSchedule } from './find-schedule.ts';
import { forecastBackdating } from './forecast-backdating.ts';
import { forecastSchedule } from './forecast-schedule.ts';
import { pageAnswer, readPageRequest } from './page.ts';
import { patchSchedule } from './patch-schedule.ts';
import { readJsonBody } from './read-json-body.ts';
import { requestBackdating } from './request-backdating.ts';
import { etagOf, scheduleResource } from './schedule-resource.ts';
import { signerOf } from './signer-of.ts';
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
    if (options.isDryRun) return dryAnswer(schedule, now, { ports });
    const location = `/v1/schedules/${schedule.definition.scheduleId}`;
    return writtenAnswer(schedule, now, { status: 201, headers: { location } });
  });
  routes.get('/:id', async (c) =>
    answer(await findSchedule(c.req.param('id'), ports.schedules), ports.now()),
  );
  routes.put('/:id', async (c) => {
    const options = changeOptions(c, ports);
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
    const options = changeOptions(c, ports);
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

interface ChangeOptions extends WriteOptions {
  /** Whether jobs that have settled are given the times of the policies, too. */
  readonly isForExisting: boolean;
  readonly by: string;
}

function changeOptions(c: Context, ports: ApiPorts): ChangeOptions {
  const { dryRun, applyToExisting } = parseQuery(changeQuery, c.req.query());
  const by = signerOf(c.env);
  return { now: ports.now(), isDryRun: dryRun, isForExisting: applyToExisting, by };
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

/** The schedule is written by now: a backdating that could not be begun can be asked for by itself. */
async function changeAnswer(
  schedule: WrittenSchedule,
  { now, isDryRun, isForExisting, by }: ChangeOptions,
  ports: ApiPorts,
): Promise<Response> {
  const { definition } = schedule;
  if (isDryRun) {
    const jobs = ports.backdatedJobs;
    const backdatingForecast =
      isForExisting && (await forecastBackdating(definition, { jobs, now }));
    return dryAnswer(schedule, now, { ports, ...(backdatingForecast && { backdatingForecast }) });
  }
  const backdating = isForExisting && (await requestBackdating({ definition, by, now }, ports));
  const more = backdating ? { backdating: backdatingResource(backdating) } : {};
  return writtenAnswer(schedule, now, { more });
}

function writtenAnswer(
  schedule: WrittenSchedule,
  now: EpochSeconds,
  { more, ...options }: AnswerOptions = {},
): Response {
  return answer(schedule, now, {
    ...options,
    more: { ...more, ...budgetWarnings(schedule.checks) },
  });
}

/** Nothing is written, and so there is time to say what would come of it. */
async function dryAnswer(
  schedule: WrittenSchedule,
  now: EpochSeconds,
  { ports, ...more }: { readonly ports: ApiPorts; readonly backdatingForecast?: object },
): Promise<Response> {
  const forecast = await forecastSchedule(schedule.definition, { now }, ports);
  const { checks } = schedule;
  return answer(schedule, now, {
    more: {
      ...(forecast && { forecast }),
      ...(checks.length > 0 && { budgets: checks.map(checkResource) }),
      ...budgetWarnings(checks),
      ...more,
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
