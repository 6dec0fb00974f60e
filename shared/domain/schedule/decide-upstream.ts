import { dependencyOf } from '#shared/domain/schedule/dependency.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import type { TriggerFault } from '#shared/domain/triggers/trigger.ts';

/** A schedule upstream, as it was read. */
export interface UpstreamLink {
  readonly scheduleId: string;
  /** Absent where there is no such schedule. */
  readonly trigger?: ScheduleDefinition['trigger'];
}

/** What is to be done about the way upstream, as far as it has been walked. */
export type UpstreamStep =
  | { readonly kind: 'read'; readonly scheduleId: string }
  /** It ends at a schedule that no other starts, or at none. */
  | { readonly kind: 'sound' }
  | { readonly kind: 'refused'; readonly fault: TriggerFault };

/** A way upstream may pass so many schedules; each is read, and held still by the write's transaction, which takes 100 items. */
export const MOST_UPSTREAM = 32;

/**
 * Decides how the way upstream of a schedule that is about to be written goes on, from the schedule that it is to come after.
 *
 * A way that comes back to the schedule would have jobs start each other for ever. A longer one than {@link MOST_UPSTREAM} is refused
 * too, so that every circle is found, however long.
 *
 * @param walked - In the order of reading, nearest first.
 */
export function decideUpstream(
  schedule: Pick<ScheduleDefinition, 'scheduleId' | 'trigger'>,
  walked: readonly UpstreamLink[],
): UpstreamStep {
  const last = walked.at(-1) ?? schedule;
  const next = last.trigger && dependencyOf({ trigger: last.trigger })?.upstreamId;
  if (next === undefined) return { kind: 'sound' };
  if (next === schedule.scheduleId) return refuse('trigger.cycle', circle(schedule, walked));
  if (walked.length === MOST_UPSTREAM)
    return refuse(
      'trigger.too-deep',
      `Expected at most ${MOST_UPSTREAM} schedules upstream, each after the one before, got more`,
    );
  return { kind: 'read', scheduleId: next };
}

/** In the order in which they would start each other. */
function circle(
  { scheduleId }: Pick<ScheduleDefinition, 'scheduleId'>,
  walked: readonly UpstreamLink[],
): string {
  const path = [scheduleId, ...walked.map((link) => link.scheduleId).toReversed(), scheduleId];
  return `Expected schedules not to start each other in a circle, got ${path.join(' → ')}`;
}

function refuse(code: 'trigger.cycle' | 'trigger.too-deep', detail: string): UpstreamStep {
  return { kind: 'refused', fault: { pointer: '/schedule', code, detail } };
}
