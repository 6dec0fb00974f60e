import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { decideAdvance } from '#shared/domain/schedule/decide-advance.ts';
import { type DueStart, startOf } from '#shared/domain/schedule/due-starts.ts';
import type { Plan, ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';

/**
 * Finds the starts that a planned schedule still owes when its plan is about to be given up.
 *
 *    plan.nextFireTime         now: the present trigger ends here
 *        |── these, by the schedule's policies ──|
 *
 * Usually there are none, as a plan is moved within a second or two of its fire time. What `coalesce` folds away leaves no row then.
 */
export function overdueStarts(
  definition: ScheduleDefinition,
  plan: Plan,
  now: EpochSeconds,
): readonly DueStart[] {
  const { nextFireTime: fireTime } = plan;
  if (fireTime === undefined || fireTime > now) return [];
  const decision = decideAdvance({ definition, plan, fireTime, now });
  if (decision.kind === 'moved-on') return [];
  return decision.starts.map((due) => ({
    start: startOf(definition, toIso(due)),
    notBefore: now,
  }));
}
