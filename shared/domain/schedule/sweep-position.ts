import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { nextOrNone } from '#shared/domain/schedule/next-or-none.ts';
import type { ScheduleDefinition, ScheduleState } from '#shared/domain/schedule/schedule.ts';
import { triggerOf } from '#shared/domain/schedule/trigger-of.ts';

/** Where a schedule is swept to that has nothing more to look for: the last instant that has a text. */
export const NOTHING_TO_COME: EpochSeconds = 253_402_300_799;

/** A request is carried out this long after it has read the state that it writes, at the most. */
const LONGEST_REQUEST_SECONDS = 60;

/** Finds up to where a schedule's jobs are at rest; one that nobody has swept yet, since its trigger began to hold. */
export function sweptToOf({
  sweptTo,
  changedAt,
}: Pick<ScheduleState, 'sweptTo' | 'changedAt'>): EpochSeconds {
  return sweptTo ?? changedAt;
}

/**
 * A job that another's end has started has that one's fire time, and may be open so long after it: each of the two has a day's
 * `catchUpWindow` at the most, and the rest is for their runs, and for chains of them.
 */
export const DEPENDENT_SECONDS = 259_200;

/**
 * Finds where a schedule whose trigger begins to hold is swept to, as far as that goes: to its first fire time, as it has no jobs
 * before.
 */
export function sweptToAtFirst(definition: ScheduleDefinition, now: EpochSeconds): EpochSeconds {
  const trigger = triggerOf(definition);
  if (trigger.kind === 'after') return now - DEPENDENT_SECONDS;
  return nextOrNone(trigger, now) ?? NOTHING_TO_COME;
}

/**
 * Finds where a schedule is swept to after a write that may bring other fire times.
 *
 * A job that someone asked for since the state was read may have moved it back in the table; so it never stays at the present.
 */
export function sweptToAfterWrite(
  before: Partial<Pick<ScheduleState, 'sweptTo' | 'changedAt'>>,
  now: EpochSeconds,
): EpochSeconds {
  const sweptTo = before.sweptTo ?? before.changedAt ?? now;
  return Math.min(sweptTo, now - LONGEST_REQUEST_SECONDS);
}
