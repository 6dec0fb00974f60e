import { Hono } from 'hono';
import { pageQuery } from '#shared/contracts/parse-query.ts';
import type { Errand, ErrandKind } from '#shared/domain/errand/errand.ts';
import { ID_PATTERN } from '#shared/domain/job/job-key.ts';
import type { ErrandStore } from '#shared/ports/errand-store.ts';
import type { ApiPorts } from './api-ports.ts';
import { cancelErrand } from './cancel-errand.ts';
import { findErrand } from './find-errand.ts';
import { findSchedule } from './find-schedule.ts';
import { pageAnswer, readPageRequest } from './page.ts';
import { signerOf } from './signer-of.ts';

/** How errands of one kind are found and shown. */
export interface ErrandView<Kind extends Errand> {
  readonly kind: ErrandKind;
  readonly errands: ErrandStore<Kind>;
  /** Shows one as the API answers it. */
  readonly show: (errand: Kind) => object;
}

/** Serves what all errands of a schedule have alike: `/schedules/{id}/backfills`, and the same of other kinds. */
export function errandRoutes<Kind extends Errand>(view: ErrandView<Kind>, ports: ApiPorts): Hono {
  const { kind, errands, show } = view;
  const routes = new Hono();
  routes.get(`/:id/${kind}s`, async (c) => {
    const asked = { path: c.req.path, query: c.req.query() };
    return c.json(await listErrands(c.req.param('id') ?? '', asked, { view, ports }));
  });
  routes.get(`/:id/${kind}s/:errandId`, async (c) => {
    const { id: scheduleId = '', errandId = '' } = c.req.param();
    return c.json(show(await findErrand({ kind, scheduleId, errandId }, errands)));
  });
  routes.post(`/:id/${kind}s/:errandId/cancel`, async (c) => {
    const { id: scheduleId = '', errandId = '' } = c.req.param();
    const request = { by: signerOf(c.env), now: ports.now() };
    return c.json(show(await cancelErrand({ kind, scheduleId, errandId }, request, errands)));
  });
  return routes;
}

/** A deleted schedule's errands are still listed; only a list that was never there is refused. */
async function listErrands<Kind extends Errand>(
  scheduleId: string,
  asked: { readonly path: string; readonly query: Readonly<Record<string, string>> },
  { view, ports }: { readonly view: ErrandView<Kind>; readonly ports: ApiPorts },
) {
  const request = await readPageRequest(pageQuery, asked, ports.cursorKey);
  // No store is asked for a key that it could not hold.
  if (!ID_PATTERN.test(scheduleId)) await findSchedule(scheduleId, ports.schedules);
  const { errands, next, cost } = await view.errands.list(scheduleId, {
    limit: request.query.limit,
    ...(request.place !== undefined && { after: request.place }),
  });
  if (errands.length === 0) await findSchedule(scheduleId, ports.schedules);
  const data = errands.map(view.show);
  return pageAnswer({ data, ...(next !== undefined && { next }), cost }, request, ports.cursorKey);
}
