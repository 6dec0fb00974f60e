import { Hono } from 'hono';
import { cancelBody } from '#shared/contracts/job-actions.ts';
import { parseQuery, resultQuery } from '#shared/contracts/parse-query.ts';
import { answerJson } from './answer-json.ts';
import type { ApiPorts } from './api-ports.ts';
import { cancelJob } from './cancel-job.ts';
import { diffResults } from './diff-results.ts';
import { findJob, findResult } from './find-result.ts';
import { parseBody } from './invalid-request.ts';
import { jobResource } from './job-resource.ts';
import { readOptionalBody } from './read-json-body.ts';
import { selectFrom } from './select-from.ts';
import { signerOf } from './signer-of.ts';

/** A link to a result in S3 holds this long at most: it is made to be followed at once. */
const LONGEST_LINK_SECONDS = 300;

/** A job that runs is worth asking for again after this long. */
const ASK_AGAIN_SECONDS = 2;

/** What changes by itself, and a link that lets anyone read, is not kept by whoever carries it. */
const NOT_KEPT = { 'cache-control': 'no-store' } as const;

const JSON_NOT_KEPT = { 'content-type': 'application/json', ...NOT_KEPT };

/** Serves `/jobs`. */
export function jobRoutes(ports: ApiPorts): Hono {
  const routes = new Hono();
  routes.get('/:id', async (c) =>
    c.json(jobResource(await findJob(c.req.param('id'), ports.now(), ports.jobs))),
  );
  routes.post('/:id/cancel', async (c) => {
    const { note } = parseBody(cancelBody, await readOptionalBody(c.req.raw));
    const request = { by: signerOf(c.env), ...(note !== undefined && { note }), now: ports.now() };
    const job = await cancelJob(c.req.param('id'), request, ports);
    return c.json(jobResource(job), job.state === 'settled' ? 200 : 202);
  });
  routes.get('/:id/diff/:other', async (c) => {
    const request = { id: c.req.param('id'), otherId: c.req.param('other') };
    const patch = await diffResults(request, ports.now(), ports);
    return c.body(patch, 200, { 'content-type': 'application/json-patch+json', ...NOT_KEPT });
  });
  routes.get('/:id/result', async (c) => {
    const now = ports.now();
    const id = c.req.param('id');
    const { select } = parseQuery(resultQuery, c.req.query());
    const found = await findResult(id, now, ports.jobs);
    if (select !== undefined && found.kind !== 'unfinished')
      return c.body(await selectFrom({ id, select }, now, ports), 200, JSON_NOT_KEPT);
    switch (found.kind) {
      case 'unfinished':
        return c.json(jobResource(found.job), 202, {
          'retry-after': String(ASK_AGAIN_SECONDS),
          ...NOT_KEPT,
        });
      case 'json':
        return answerJson({ ...found, range: c.req.header('range') });
      case 'payload': {
        const seconds = Math.min(found.expiresInSeconds, LONGEST_LINK_SECONDS);
        const link = await ports.payloads.presign(found.payload.key, seconds, now);
        return c.body(null, 303, { location: link, ...NOT_KEPT });
      }
    }
  });
  return routes;
}
