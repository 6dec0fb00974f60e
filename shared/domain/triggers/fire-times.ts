import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { compileTrigger } from './compile-trigger.ts';
import type { Trigger } from './trigger.ts';

/**
 * Lists a trigger's fire times in order, each worked out only when it is asked for.
 *
 * @param from - Inclusive.
 * @param to - Inclusive; without it the list goes on until the trigger is exhausted, which may be never.
 * @throws {MaxIterationsReached} While it is read, as `nextFireTime` does.
 */
export function* fireTimes(
  trigger: Trigger,
  from: EpochSeconds,
  to: EpochSeconds = Number.POSITIVE_INFINITY,
): Generator<EpochSeconds, void, undefined> {
  const { next } = compileTrigger(trigger);
  for (let at = next(Math.ceil(from)); at !== undefined && at <= to; at = next(at + 1)) yield at;
}
