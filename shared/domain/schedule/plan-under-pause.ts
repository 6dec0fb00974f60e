import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { nextOrNone } from '#shared/domain/schedule/next-or-none.ts';
import type { Pause } from '#shared/domain/schedule/pause.ts';
import type { Plan, ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import { triggerOf } from '#shared/domain/schedule/trigger-of.ts';

/**
 * Finds where the plan of a planned schedule stands while it is paused.
 *
 *    since                            until
 *      |── no fire time is waited for ──|── the first from here on
 *
 * Without an end it stands nowhere, and so nobody is told of a fire time; how many jobs have been started stays with it.
 *
 * @param pause - The one in effect; `undefined` leaves the plan as it is.
 */
export function planUnderPause(
  definition: ScheduleDefinition,
  plan: Plan,
  pause: Pick<Pause, 'until'> | undefined,
): Plan {
  const { nextFireTime: next, started } = plan;
  if (!pause || next === undefined) return plan;
  if (pause.until === undefined) return { started };
  if (next >= pause.until) return plan;
  const first = firstFrom(definition, pause.until);
  return { ...(first !== undefined && { nextFireTime: first }), started };
}

function firstFrom(definition: ScheduleDefinition, at: EpochSeconds): EpochSeconds | undefined {
  return nextOrNone(triggerOf(definition), at - 1);
}
