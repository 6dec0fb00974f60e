import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { decidePlanProjection } from '#shared/domain/schedule/decide-plan-projection.ts';
import {
  decideProjection,
  type ProjectedSchedule,
} from '#shared/domain/schedule/decide-projection.ts';
import { pauseAt } from '#shared/domain/schedule/pause.ts';
import type { StoredSchedule } from '#shared/domain/schedule/schedule.ts';
import { STANDS_STILL_AFTER_SECONDS } from '#shared/domain/schedule/stands-still.ts';

/** What EventBridge should hold of a schedule, as far as that is certain. */
export type ExpectedCopy =
  | { readonly kind: 'schedule'; readonly schedule: ProjectedSchedule }
  | { readonly kind: 'absent' }
  /** It is about to change, or goes by itself. */
  | { readonly kind: 'unknown' };

/**
 * Decides what EventBridge's copy of a schedule is compared with: what the projection would make of it now.
 *
 *    sync pending or failed ── whoever projects it sees to it
 *    planned ── now ── 5 minutes ── at(plan.nextFireTime): nearer ones are on their way
 *    native ── its copy, until its last fire time: then EventBridge itself deletes it, soon
 */
export function decideCopy({ definition, state }: StoredSchedule, now: EpochSeconds): ExpectedCopy {
  const { sync, plan } = state;
  if (sync.state !== 'active' && sync.state !== 'completed') return UNKNOWN;
  if (!plan) {
    const projection = decideProjection(definition, now, pauseAt(state, now));
    const isLasting =
      decideProjection(definition, now + STANDS_STILL_AFTER_SECONDS).kind === 'schedule';
    return projection.kind === 'schedule' && isLasting ? projection : UNKNOWN;
  }
  const { nextFireTime } = plan;
  if (nextFireTime === undefined) return { kind: 'absent' };
  if (nextFireTime < now + STANDS_STILL_AFTER_SECONDS) return UNKNOWN;
  const projection = decidePlanProjection(definition, plan, now);
  return projection.kind === 'schedule' ? projection : UNKNOWN;
}

const UNKNOWN: ExpectedCopy = { kind: 'unknown' };
