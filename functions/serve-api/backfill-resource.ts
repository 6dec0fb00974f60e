import type { Backfill } from '#shared/domain/backfill/backfill.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { nextOrNone } from '#shared/domain/schedule/next-or-none.ts';
import { triggerOf } from '#shared/domain/schedule/trigger-of.ts';
import { errandParts } from './errand-parts.ts';

/** Shows a backfill as the API answers it. */
export function backfillResource(backfill: Backfill) {
  const { overlap } = backfill;
  const next = nextOf(backfill);
  return {
    ...errandParts(backfill),
    from: toIso(backfill.from),
    to: toIso(backfill.to),
    ...(overlap !== undefined && { overlap }),
    force: backfill.isForced,
    counts: backfill.counts,
    underWay: backfill.open.length,
    nextFireTime: next === undefined ? null : toIso(next),
  };
}

function nextOf({ scheduleId, trigger, lookFrom, to }: Backfill) {
  if (lookFrom > to) return undefined;
  const next = nextOrNone(triggerOf({ scheduleId, ...trigger }), lookFrom - 1);
  return next !== undefined && next <= to ? next : undefined;
}
