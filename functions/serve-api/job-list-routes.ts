import { Hono } from 'hono';
import type * as z from 'zod';
import {
  jobsQuery,
  latestQuery,
  MOST_DAYS,
  scheduleJobsQuery,
} from '#shared/contracts/job-queries.ts';
import { parseQuery } from '#shared/contracts/parse-query.ts';
import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import type { JobFilter } from '#shared/domain/job/job-filter.ts';
import { ID_PATTERN } from '#shared/domain/job/job-key.ts';
import { FAILURES, isFailure } from '#shared/domain/job/outcome.ts';
import { parseSettledPlace, settledPlaceText } from '#shared/domain/job/settled-place.ts';
import { DAY_SECONDS } from '#shared/domain/triggers/civil-date.ts';
import { dayEnd, dayStart } from '#shared/domain/utc-day.ts';
import type { ApiPorts } from './api-ports.ts';
import { conditionalAnswer } from './conditional-answer.ts';
import { findLatest } from './find-latest.ts';
import { findSchedule } from './find-schedule.ts';
import { invalidRequest } from './invalid-request.ts';
import { jobResource, settledJobResource } from './job-resource.ts';
import { jobWithResultText } from './job-with-result.ts';
import { listJobs } from './list-jobs.ts';
import { listSettledJobs, type SettledListing } from './list-settled-jobs.ts';
import { pageAnswer, readPageRequest } from './page.ts';

/** Serves the lists of jobs: `/jobs`, `/schedules/{id}/jobs`, and of the latter its newest. */
export function jobListRoutes(ports: ApiPorts): Hono {
  const routes = new Hono();
  routes.get('/jobs', async (c) =>
    c.json(await listAcrossSchedules({ path: c.req.path, query: c.req.query() }, ports)),
  );
  routes.get('/schedules/:id/jobs', async (c) => {
    const asked = { path: c.req.path, query: c.req.query() };
    return c.json(await listOfSchedule(c.req.param('id'), asked, ports));
  });
  routes.get('/schedules/:id/latest', async (c) => {
    const { outcome } = parseQuery(latestQuery, c.req.query());
    const job = await findLatest(c.req.param('id'), outcome, ports);
    return conditionalAnswer(jobWithResultText(job, ports.now()), c.req.header('if-none-match'));
  });
  return routes;
}

interface Asked {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

async function listAcrossSchedules(asked: Asked, ports: ApiPorts) {
  const request = await readPageRequest(jobsQuery, asked, ports.cursorKey);
  const { query, place } = request;
  const range = place === undefined ? rangeOf(query, ports.now()) : rangeIn(place);
  const filter = filterOf(query);
  const page = await listSettledJobs(
    {
      ...range,
      // Failures have an index of their own, so that a few of them are not looked for among all jobs.
      isOfFailures: filter.outcomes?.every(isFailure) ?? false,
      filter,
      limit: query.limit,
      now: ports.now(),
    },
    ports.settledJobs,
  );
  const next = page.next && `${range.from} ${settledPlaceText(page.next)}`;
  const data = page.jobs.map(settledJobResource);
  const found = { data, ...(next !== undefined && { next }), cost: page.cost };
  return pageAnswer(found, request, ports.cursorKey);
}

type Range = Pick<SettledListing, 'from' | 'to' | 'after'>;

function rangeOf(query: z.output<typeof jobsQuery>, now: EpochSeconds): Range {
  const { day } = query;
  if (day !== undefined) return { from: dayStart(day), to: dayEnd(day) };
  const to = query.to ?? dayEnd(Math.max(now, query.from ?? now));
  const from = query.from ?? dayStart(to);
  if (dayStart(to) - dayStart(from) < MOST_DAYS * DAY_SECONDS) return { from, to };
  const detail = `Expected \`from\` to be less than ${MOST_DAYS} days ago where \`to\` is absent, got ${toIso(from)}.`;
  throw invalidRequest([{ pointer: '/from', code: 'field.invalid', detail }]);
}

/** The range stays that of the first page: midnight may have passed since, and what “today” was. */
function rangeIn(place: string): Range {
  const [from, text = ''] = place.split(' ');
  const after = parseSettledPlace(text);
  if (!after) throw new Error(`Expected a cursor of our own to hold a place, got ${text}.`);
  return { from: Number(from), to: after.until, after };
}

async function listOfSchedule(scheduleId: string, asked: Asked, ports: ApiPorts) {
  const request = await readPageRequest(scheduleJobsQuery, asked, ports.cursorKey);
  const { query, place } = request;
  const { from, to, limit } = query;
  // No store is asked for a key that it could not hold.
  if (!ID_PATTERN.test(scheduleId)) await findSchedule(scheduleId, ports.schedules);
  const { jobs, next, cost } = await listJobs(
    {
      scheduleId,
      filter: filterOf(query),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      limit,
      now: ports.now(),
      ...(place !== undefined && { after: place }),
    },
    ports.jobs,
  );
  // A deleted schedule's jobs are still listed; only a list that was never there is refused.
  if (jobs.length === 0 && next === undefined && place === undefined)
    await findSchedule(scheduleId, ports.schedules);
  const found = { data: jobs.map(jobResource), ...(next !== undefined && { next }), cost };
  return pageAnswer(found, request, ports.cursorKey);
}

type FilterQuery = Partial<z.output<typeof jobsQuery> & z.output<typeof scheduleJobsQuery>>;

function filterOf(query: FilterQuery): JobFilter {
  const {
    outcome,
    failed,
    day: _d,
    from: _f,
    to: _t,
    limit: _l,
    cursor: _c,
    explain: _e,
    ...rest
  } = query;
  const outcomes = outcome ?? (failed ? FAILURES : undefined);
  return { ...rest, ...(outcomes && { outcomes }) };
}
