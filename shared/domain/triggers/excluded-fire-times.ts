import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { DAY_SECONDS } from './civil-date.ts';
import { nextAllowedDay } from './exclusion.ts';
import { fireTimes } from './fire-times.ts';
import { timeZoneOf } from './time-zone.ts';
import type { TimedTrigger } from './trigger.ts';

/**
 * Lists the fire times that a trigger would have but for its own `exclude`, in order, each worked out when asked for.
 *
 * @param from - Inclusive.
 * @param to - Inclusive.
 */
export function* excludedFireTimes(
  trigger: TimedTrigger,
  from: EpochSeconds,
  to: EpochSeconds,
): Generator<EpochSeconds, void, undefined> {
  if (trigger.kind === 'once' || !trigger.exclude) return;
  const { exclude, ...others } = trigger;
  const zone = timeZoneOf(trigger.timeZone);
  const allowedFrom = nextAllowedDay(exclude);
  for (const at of fireTimes(others, from, to)) {
    const day = Math.floor((at + zone.periodAt(at).offset) / DAY_SECONDS);
    if (allowedFrom(day) !== day) yield at;
  }
}
