import { type EpochSeconds, fromIso, toIso } from '#shared/domain/epoch-seconds.ts';
import { fireTimes } from '#shared/domain/triggers/fire-times.ts';
import type { Trigger } from '#shared/domain/triggers/trigger.ts';
import { firstOf } from '#test/support/first-of.ts';

/** Reads an instant that a test writes as ISO 8601. */
export function at(iso: string): EpochSeconds {
  const instant = fromIso(iso);
  if (instant === undefined) throw new Error(`Expected an ISO 8601 instant, got ${iso}.`);
  return instant;
}

/** Lists the first fire times of a trigger from an instant on, inclusive, as ISO 8601. */
export function firesFrom(trigger: Trigger, from: string, count: number): readonly string[] {
  return firstOf(fireTimes(trigger, at(from)), count).map(toIso);
}

/** Lists the fire times of a trigger between two instants, both inclusive, as ISO 8601. */
export function firesBetween(trigger: Trigger, from: string, to: string): readonly string[] {
  return [...fireTimes(trigger, at(from), at(to))].map(toIso);
}
