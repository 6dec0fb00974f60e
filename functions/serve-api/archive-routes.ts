import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import type * as z from 'zod';
import { parseQuery, writeQuery } from '#shared/contracts/parse-query.ts';
import { type restorationBody, restorationBodyFor } from '#shared/contracts/restoration.ts';
import { AlmanacError } from '#shared/domain/almanac-error.ts';
import { type RestoreScope, readPlace, writePlace } from '#shared/domain/archive/restore-scope.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { jobId } from '#shared/domain/job/job-key.ts';
import type { ApiPorts } from './api-ports.ts';
import { fromCursor, toCursor } from './cursor.ts';
import { findRetentionFaults } from './find-retention-faults.ts';
import { invalidRequest, parseBody } from './invalid-request.ts';
import { readJsonBody } from './read-json-body.ts';
import { restoreJobs } from './restore-jobs.ts';

type Body = z.output<typeof restorationBody>;

/** Serves the archive: `/archive/restore`. */
export function archiveRoutes(ports: ApiPorts): Hono {
  const routes = new Hono();
  routes.post('/restore', async (c) => {
    const { dryRun } = parseQuery(writeQuery, c.req.query());
    const json = await readJsonBody(c.req.raw);
    const body: Body = parseBody(restorationBodyFor(json), json);
    return c.json(await restore(body, dryRun, ports));
  });
  return routes;
}

async function restore(body: Body, isDryRun: boolean, ports: ApiPorts) {
  const { cursorKey, retention } = ports;
  const faults = findRetentionFaults(body, retention.longestExpirationTime);
  if (faults.length > 0) throw invalidRequest(faults);
  const scope = await scopeOf(body, ports);
  // A cursor holds for the same jobs, however long they are to stay.
  const list = `restore ${JSON.stringify(scope)}`;
  const cursor = 'cursor' in body ? body.cursor : undefined;
  const from =
    cursor === undefined ? undefined : readPlace(await fromCursor(list, cursor, cursorKey));
  const now = ports.now();
  const until = now + body.resultExpirationTime;
  const { restored, present, next } = await restoreJobs(
    { scope, now, until, isDryRun, ...(from && { from }) },
    { ...ports, newName },
  );
  if (scope.kind === 'job' && restored + present === 0) throw notFound(scope);
  return {
    restored,
    present,
    resultExpiresAt: toIso(until),
    next: next ? await toCursor(list, writePlace(next), cursorKey) : null,
  };
}

/** While a job's row is there, it says on which day the job expired. */
async function scopeOf(body: Body, { jobs }: ApiPorts): Promise<RestoreScope> {
  if ('scheduleId' in body) {
    const { scheduleId, from, to } = body;
    return { kind: 'schedule', scheduleId, from, to };
  }
  const { jobId: key, day } = body;
  const expiryDay = day ?? (await jobs.get(key))?.expiryDay?.slice(0, 'YYYY-MM-DD'.length);
  if (expiryDay !== undefined) return { kind: 'job', key, day: expiryDay };
  throw invalidRequest([
    {
      pointer: '/day',
      code: 'field.invalid',
      detail: `Expected \`day\` to be the day on which \`${jobId(key)}\` expired, as it has no row that tells, got nothing.`,
    },
  ]);
}

function notFound({ key, day }: Extract<RestoreScope, { kind: 'job' }>): AlmanacError {
  return new AlmanacError(
    'job.not-found',
    `Expected \`${jobId(key)}\` in the archive of ${day}, got no such job. A day is there from the night after it on.`,
  );
}

/** Seventy-two random bits, as the runner's owners have. */
function newName(): string {
  return randomBytes(9).toString('base64url');
}
