import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { LATE_AFTER_SECONDS } from '#shared/domain/job/decide-admission.ts';
import { DEFAULT_CATCH_UP_WINDOW_SECONDS } from '#shared/domain/job/policy.ts';
import type { Advance } from '#shared/domain/schedule/advance.ts';
import type { ProjectedSchedule } from '#shared/domain/schedule/decide-projection.ts';
import type { Plan, ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';

/** Who tells a planned schedule that its next fire time has come. */
export type PlanProjection =
  | { readonly kind: 'schedule'; readonly schedule: ProjectedSchedule }
  /** The starts queue, and EventBridge has no copy. */
  | { readonly kind: 'queue'; readonly advance: Advance; readonly notBefore: EpochSeconds }
  /** Nobody, as the plan has come to its end. */
  | { readonly kind: 'nothing' };

/**
 * Decides how a planned schedule's next fire time is waited for.
 *
 *    now                    + 90 s
 *     |── the starts queue ────|── one at() of EventBridge
 *
 * EventBridge takes what is so near late or not at all, and what becomes of an `at()` in the past is not documented. A copy that it
 * has of a trigger from before goes, so that it does not fire on.
 */
export function decidePlanProjection(
  { scheduleId, policy }: ScheduleDefinition,
  { nextFireTime }: Plan,
  now: EpochSeconds,
): PlanProjection {
  if (nextFireTime === undefined) return { kind: 'nothing' };
  const fireTime = toIso(nextFireTime);
  const advance: Advance = { kind: 'advance', scheduleId, fireTime };
  if (nextFireTime < now + LATE_AFTER_SECONDS)
    return { kind: 'queue', advance, notBefore: nextFireTime };
  return {
    kind: 'schedule',
    schedule: {
      name: scheduleId,
      expression: `at(${fireTime.slice(0, -1)})`,
      timeZone: 'UTC',
      input: JSON.stringify(advance),
      maximumEventAgeSeconds: policy.catchUpWindow ?? DEFAULT_CATCH_UP_WINDOW_SECONDS,
    },
  };
}
