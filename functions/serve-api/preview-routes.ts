import { Hono } from 'hono';
import { faultsOf } from '#shared/contracts/faults-of.ts';
import { parseQuery } from '#shared/contracts/parse-query.ts';
import { previewBody, previewQuery } from '#shared/contracts/preview.ts';
import { AlmanacError, type RequestFault } from '#shared/domain/almanac-error.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { anchorFrom } from '#shared/domain/schedule/anchor-from.ts';
import { modeOf } from '#shared/domain/schedule/mode-of.ts';
import { type Preview, previewTrigger } from '#shared/domain/schedule/preview.ts';
import { triggerOf } from '#shared/domain/schedule/trigger-of.ts';
import { MaxIterationsReached } from '#shared/domain/triggers/combined-rule.ts';
import { parseTrigger } from '#shared/domain/triggers/parse-trigger.ts';
import type { EventBridgeForm } from '#shared/domain/triggers/to-event-bridge.ts';
import type { Trigger } from '#shared/domain/triggers/trigger.ts';
import type { ApiPorts } from './api-ports.ts';
import { findSchedule } from './find-schedule.ts';
import { readJsonBody } from './read-json-body.ts';

interface Question {
  readonly from: EpochSeconds;
  readonly count: number;
}

/** Serves `/preview`, of any trigger, and `/schedules/{id}/preview`. */
export function previewRoutes(ports: ApiPorts): Hono {
  const routes = new Hono();
  routes.post('/preview', async (c) => {
    const body = await readJsonBody(c.req.raw);
    return c.json(previewOfBody(body, ports));
  });
  routes.get('/schedules/:id/preview', async (c) => {
    const { from = ports.now(), count } = parseQuery(previewQuery, c.req.query());
    const { definition } = await findSchedule(c.req.param('id'), ports.schedules);
    return c.json(answerable(triggerOf(definition), { from, count }, modeOf(definition)));
  });
  return routes;
}

function previewOfBody(body: unknown, { now, calendars }: ApiPorts): Preview {
  const form = previewBody.safeParse(body, { reportInput: true });
  if (!form.success) throw invalid(faultsOf(form.error));
  const { trigger: json, from = now(), count } = form.data;
  const parsed = parseTrigger(json, { anchorAt: anchorFrom(from), calendars });
  if (parsed.ok) return answerable(parsed.trigger, { from, count });
  throw invalid(parsed.faults.map((fault) => ({ ...fault, pointer: `/trigger${fault.pointer}` })));
}

function answerable(trigger: Trigger, question: Question, form?: EventBridgeForm): Preview {
  try {
    return previewTrigger(trigger, question, form);
  } catch (error) {
    if (!(error instanceof MaxIterationsReached)) throw error;
    const { code, message: detail } = error;
    throw invalid([{ pointer: '/trigger', code, detail }], error);
  }
}

function invalid(faults: readonly RequestFault[], cause?: unknown): AlmanacError {
  const sentence = `Expected a preview without faults, got ${faults.length}; each is listed in \`errors\`.`;
  return new AlmanacError('request.invalid', sentence, { faults, cause });
}
