import { Hono } from 'hono';
import type * as z from 'zod';
import { pageQuery, parseQuery } from '#shared/contracts/parse-query.ts';
import { MOST_DAYS, usageQuery } from '#shared/contracts/usage.ts';
import { AlmanacError } from '#shared/domain/almanac-error.ts';
import { ID_PATTERN } from '#shared/domain/job/job-key.ts';
import { addCosts } from '#shared/domain/read-cost.ts';
import { DAY_SECONDS, readDate } from '#shared/domain/triggers/civil-date.ts';
import { NO_USAGE } from '#shared/domain/usage/usage.ts';
import { usageRates } from '#shared/domain/usage/usage-rates.ts';
import { dayOf } from '#shared/domain/utc-day.ts';
import type { ApiPorts } from './api-ports.ts';
import { forecastSchedule } from './forecast-schedule.ts';
import { invalidRequest } from './invalid-request.ts';
import { pageAnswer, readPageRequest } from './page.ts';
import { dayResource, ratesResource, usageResource } from './usage-resource.ts';

type Query = Readonly<Record<string, string>>;

/** As many days as are shown and averaged where nothing else is asked for. */
const DEFAULT_DAYS = 30;

/** Serves `/usage`. */
export function usageRoutes(ports: ApiPorts): Hono {
  const routes = new Hono();
  routes.get('/', async (c) => c.json(await listUsage(c.req.path, c.req.query(), ports)));
  routes.get('/:id', async (c) =>
    c.json(await usageOf(c.req.param('id'), parseQuery(usageQuery, c.req.query()), ports)),
  );
  return routes;
}

async function listUsage(path: string, query: Query, ports: ApiPorts) {
  const request = await readPageRequest(pageQuery, { path, query }, ports.cursorKey);
  const { limit } = request.query;
  const { place } = request;
  const page = await ports.usage.list({ limit, ...(place !== undefined && { after: place }) });
  const data = page.usages.map(({ scheduleId, usage }) => usageResource(scheduleId, usage));
  return pageAnswer({ ...page, data }, request, ports.cursorKey);
}

type UsageQuery = z.output<typeof usageQuery>;

async function usageOf(scheduleId: string, query: UsageQuery, ports: ApiPorts) {
  const now = ports.now();
  const today = dayOf(now);
  const span = spanOf(query, today);
  // No store is asked for a key that it could not hold.
  if (!ID_PATTERN.test(scheduleId.replace(/^task:/, ''))) throw notFound(scheduleId);
  const [total, days, parts] = await Promise.all([
    ports.usage.totals([scheduleId]),
    ports.usage.days({ scheduleId, ...span }),
    ports.schedules.read(scheduleId),
  ]);
  const definition = parts.state?.deletedAt === undefined ? parts.definition : undefined;
  const [known] = total.usages;
  if (!known && !definition) throw notFound(scheduleId);
  const measured = usageRates(days.days, today);
  const forecast =
    definition &&
    (await forecastSchedule(definition, { now, ...(measured && { measured }) }, ports));
  return {
    ...usageResource(scheduleId, known?.usage ?? NO_USAGE),
    days: days.days.map(dayResource),
    ...(measured && { perDay: ratesResource(measured) }),
    ...(forecast && { forecast }),
    ...(query.explain && { explain: addCosts([total.cost, days.cost]) }),
  };
}

function spanOf(query: UsageQuery, today: string) {
  const to = query.to ?? today;
  const from = query.from ?? dayBefore(to, DEFAULT_DAYS - 1);
  // With both days given, the query has been found fault with by itself.
  if (from > to || from <= dayBefore(to, MOST_DAYS)) throw wrongSpan(from);
  return { from, to };
}

function dayBefore(day: string, days: number): string {
  return dayOf(((readDate(day) ?? 0) - days) * DAY_SECONDS);
}

function wrongSpan(from: string): AlmanacError {
  const detail = `Expected \`from\` to be a day of the last ${MOST_DAYS} where \`to\` is absent, got ${from}.`;
  return invalidRequest([{ pointer: '/from', code: 'field.invalid', detail }]);
}

function notFound(scheduleId: string): AlmanacError {
  return new AlmanacError(
    'schedule.not-found',
    `Expected a schedule \`${scheduleId.slice(0, 69)}\`, or one that has run, got none.`,
  );
}
