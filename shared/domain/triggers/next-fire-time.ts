import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { compileTrigger } from './compile-trigger.ts';
import type { Trigger } from './trigger.ts';

/**
 * Finds the first instant at which a trigger is due, strictly after a given one.
 *
 * A wall-clock time inside a spring gap does not fire; one inside an autumn fold fires once, at the earlier offset, as
 * EventBridge Scheduler does, unless the trigger's `gap` and `fold` say otherwise.
 *
 * @param after - Exclusive lower bound.
 * @returns The instant, on a whole second, or `undefined` when the trigger is exhausted.
 * @throws {MaxIterationsReached} For an `all` whose triggers did not agree within its `maxIterations`.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function nextFireTime(trigger: Trigger, after: EpochSeconds): EpochSeconds | undefined {
  return compileTrigger(trigger).next(Math.floor(after) + 1);
}
