import { Hono } from 'hono';
import { ulid } from 'ulid';
import { auditBody } from '#shared/contracts/audits.ts';
import { pageQuery, parseQuery, writeQuery } from '#shared/contracts/parse-query.ts';
import { AlmanacError } from '#shared/domain/almanac-error.ts';
import { AUDIT_ID_PATTERN, dailyAuditId, newAudit } from '#shared/domain/audit/audit.ts';
import type { ApiPorts } from './api-ports.ts';
import { auditResource } from './audit-resource.ts';
import { parseBody } from './invalid-request.ts';
import { pageAnswer, readPageRequest } from './page.ts';
import { readOptionalBody } from './read-json-body.ts';
import { signerOf } from './signer-of.ts';

/** Serves the audits of the payload bucket: `/audits`, `/audits/{id}`. */
export function auditRoutes(ports: ApiPorts): Hono {
  const { audits, cursorKey } = ports;
  const routes = new Hono();
  routes.get('/', async (c) => {
    const asked = { path: c.req.path, query: c.req.query() };
    const request = await readPageRequest(pageQuery, asked, cursorKey);
    const page = await audits.list(request.query.limit, request.place);
    return c.json(
      await pageAnswer({ ...page, data: page.audits.map(auditResource) }, request, cursorKey),
    );
  });
  routes.get('/:id', async (c) => {
    const id = c.req.param('id');
    const audit = AUDIT_ID_PATTERN.test(id) ? await audits.read(id) : undefined;
    if (audit) return c.json(auditResource(audit));
    const message = `Expected an audit \`${id.slice(0, 64)}\`, got none: its report has expired, or there never was one.`;
    throw new AlmanacError('audit.not-found', message);
  });
  routes.post('/', async (c) => {
    const { dryRun } = parseQuery(writeQuery, c.req.query());
    const { repair } = parseBody(auditBody, await readOptionalBody(c.req.raw));
    return requestAudit({ by: signerOf(c.env), canRepair: repair, isDryRun: dryRun }, ports);
  });
  return routes;
}

/** Writes the audit first, then has it begun: what is answered with 202 can be read. */
async function requestAudit(
  request: { readonly by: string; readonly canRepair: boolean; readonly isDryRun: boolean },
  { audits, queue, now }: ApiPorts,
): Promise<Response> {
  const requestedAt = now();
  const { by, canRepair, isDryRun } = request;
  const id = `${dailyAuditId(requestedAt)}-${ulid(requestedAt * 1000)}`;
  const audit = newAudit({ id, by, canRepair, requestedAt });
  if (isDryRun) return Response.json(auditResource(audit));
  await audits.create(audit);
  await queue.send({ kind: 'audit', auditId: id, notBefore: requestedAt });
  return Response.json(auditResource(audit), {
    status: 202,
    headers: { location: `/v1/audits/${id}` },
  });
}
