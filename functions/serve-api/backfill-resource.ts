import type { Backfill } from '#shared/domain/backfill/backfill.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { nextOrNone } from '#shared/domain/schedule/next-or-none.ts';
import { triggerOf } from '#shared/domain/schedule/trigger-of.ts';

/** Shows a backfill as the API answers it. */
export function backfillResource(backfill: Backfill) {
  const { overlap, note, endedAt, reason } = backfill;
  const next = nextOf(backfill);
  return {
    id: backfill.backfillId,
    scheduleId: backfill.scheduleId,
    state: backfill.state,
    from: toIso(backfill.from),
    to: toIso(backfill.to),
    ...(overlap !== undefined && { overlap }),
    force: backfill.isForced,
    by: backfill.by,
    ...(note !== undefined && { note }),
    counts: backfill.counts,
    underWay: backfill.open.length,
    nextFireTime: next === undefined ? null : toIso(next),
    createdAt: toIso(backfill.createdAt),
    ...(endedAt !== undefined && { endedAt: toIso(endedAt) }),
    ...(reason !== undefined && { reason }),
  };
}

function nextOf({ scheduleId, trigger, lookFrom, to }: Backfill) {
  if (lookFrom > to) return undefined;
  const next = nextOrNone(triggerOf({ scheduleId, ...trigger }), lookFrom - 1);
  return next !== undefined && next <= to ? next : undefined;
}
