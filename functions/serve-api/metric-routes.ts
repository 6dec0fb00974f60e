import { Hono } from 'hono';
import type * as z from 'zod';
import { metricsQuery } from '#shared/contracts/metrics.ts';
import { parseQuery } from '#shared/contracts/parse-query.ts';
import { AlmanacError } from '#shared/domain/almanac-error.ts';
import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { ID_PATTERN } from '#shared/domain/job/job-key.ts';
import { addCosts, NO_COST } from '#shared/domain/read-cost.ts';
import { GRAIN_SECONDS } from '#shared/domain/rollup/rollup-part.ts';
import { grainOf, stepStart } from '#shared/domain/rollup/step.ts';
import { DAY_SECONDS } from '#shared/domain/triggers/civil-date.ts';
import type { ApiPorts } from './api-ports.ts';
import { invalidRequest } from './invalid-request.ts';
import { type MetricsRange, readPoints } from './read-points.ts';

/** So many hours or days are read at most, however many are in a step. */
const MOST_READ = 1_000;

const DEFAULT_DAYS = { hour: 7, day: 30 } as const;

/** Serves `/schedules/{id}/metrics`. */
export function metricRoutes(ports: ApiPorts): Hono {
  const routes = new Hono();
  routes.get('/:id/metrics', async (c) =>
    c.json(await metricsOf(c.req.param('id'), parseQuery(metricsQuery, c.req.query()), ports)),
  );
  return routes;
}

type MetricsQuery = z.output<typeof metricsQuery>;

/** A deleted schedule's metrics are shown for as long as they are kept; only one that never ran is not found. */
async function metricsOf(scheduleId: string, query: MetricsQuery, ports: ApiPorts) {
  const range = rangeOf(scheduleId, query, ports.now());
  // No store is asked for a key that it could not hold.
  if (!ID_PATTERN.test(scheduleId)) throw scheduleNotFound(scheduleId);
  const [read, parts] = await Promise.all([
    readPoints(range, ports.rollups),
    ports.schedules.read(scheduleId),
  ]);
  const definition = parts.state?.deletedAt === undefined ? parts.definition : undefined;
  const hasRun = definition || read.points.size > 0;
  const total = hasRun ? { usages: [], cost: NO_COST } : await ports.usage.totals([scheduleId]);
  if (!hasRun && total.usages.length === 0) throw scheduleNotFound(scheduleId);
  const declared = (definition?.policy.metrics ?? []).map(({ name }) => name);
  const names = [...new Set([...declared, ...read.points.keys()])];
  const { name: wanted } = query;
  if (wanted !== undefined && !names.includes(wanted)) throw metricNotFound(wanted, names);
  return {
    scheduleId,
    step: query.step,
    from: toIso(range.from),
    to: toIso(stepStart(query.step, range.to)),
    metrics: names
      .filter((name) => wanted === undefined || name === wanted)
      .map((name) => ({ name, points: read.points.get(name) ?? [] })),
    ...(query.explain && { explain: addCosts([read.cost, total.cost]) }),
  };
}

/** Nothing is counted for a time to come. */
function rangeOf(scheduleId: string, query: MetricsQuery, now: EpochSeconds): MetricsRange {
  const { step } = query;
  const grain = grainOf(step);
  const to = Math.min(query.to ?? now, now);
  const asked = query.from ?? to - (DEFAULT_DAYS[grain] * DAY_SECONDS - GRAIN_SECONDS[grain]);
  const from = stepStart(step, asked);
  const wrong = (detail: string) =>
    invalidRequest([{ pointer: '/from', code: 'field.invalid', detail }]);
  if (asked > to)
    throw wrong(`Expected \`from\` to be no later than \`to\` and than now, got ${toIso(asked)}.`);
  const hours = Math.floor((to - from) / GRAIN_SECONDS[grain]) + 1;
  if (hours > MOST_READ)
    throw wrong(
      `Expected \`from\` and \`to\` to span ${MOST_READ} ${grain}s at most with a \`step\` of ${step}, got ${hours}${grain === 'hour' ? '; a `step` of 1d shows as many days' : ''}.`,
    );
  return { scheduleId, step, from, to, now };
}

function scheduleNotFound(scheduleId: string): AlmanacError {
  return new AlmanacError(
    'schedule.not-found',
    `Expected a schedule \`${scheduleId.slice(0, 64)}\`, or one that has run, got none.`,
  );
}

function metricNotFound(name: string, names: readonly string[]): AlmanacError {
  const there = names.length === 0 ? 'none' : names.join(', ');
  return new AlmanacError(
    'metric.not-found',
    `Expected \`name\` to be a metric of the schedule, or one that was counted from \`from\` to \`to\`, got ${name}; there is: ${there}.`,
  );
}
