import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { modeOf } from '#shared/domain/schedule/mode-of.ts';
import type { Plan, ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import { triggerOf } from '#shared/domain/schedule/trigger-of.ts';
import { nextFireTime } from '#shared/domain/triggers/next-fire-time.ts';

/** A schedule as its user's write leaves it. */
export interface ScheduleWrite {
  readonly definition: ScheduleDefinition;
  /** The plan of the schedule before, where the write left its trigger as it was. */
  readonly kept: Plan | undefined;
  readonly now: EpochSeconds;
}

/**
 * Finds where the plan of a schedule stands after its user has written it.
 *
 * A plan that is kept stays where it is, passed fire times included: whoever advances it next sees to them. Only where `maxJobs` was
 * changed to what is already reached does it end, and where it was raised above that, it goes on from now.
 *
 * @returns `undefined` for a schedule that EventBridge holds by itself, or need not know of.
 */
export function planAfterWrite({ definition, kept, now }: ScheduleWrite): Plan | undefined {
  if (modeOf(definition).kind !== 'planned') return undefined;
  const started = kept?.started ?? 0;
  const { maxJobs = Number.POSITIVE_INFINITY } = definition.policy;
  if (started >= maxJobs) return kept && kept.nextFireTime === undefined ? kept : { started };
  if (kept?.nextFireTime !== undefined) return kept;
  const next = nextFireTime(triggerOf(definition), now);
  return { ...(next !== undefined && { nextFireTime: next }), started };
}
