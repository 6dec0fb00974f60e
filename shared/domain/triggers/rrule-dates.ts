import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { whenAny } from './combined-rule.ts';
import type { CompiledTrigger } from './compile-trigger.ts';
import { firstFrom } from './rrule-day-periods.ts';
import { rruleRule } from './rrule-rule.ts';
import type { GivenTime, RruleTrigger } from './trigger.ts';
import type { WallRule } from './wall-clock.ts';

/**
 * Makes an rrule trigger of its rule and its dates: RDATE adds, then EXDATE takes away.
 *
 * A date without `Z` is a time on the wall clock, and meets gaps and folds as the rule's own times do.
 */
export function withRruleDates(
  trigger: RruleTrigger,
  onWallClock: (rule: WallRule) => CompiledTrigger,
): CompiledTrigger {
  const [extra, except] = [split(trigger.extra), split(trigger.except)];
  const ofRule = rruleRule(trigger.rule);
  const withExtra = whenAny([ofRule, listed(extra.walls)]);
  const onWall = onWallClock(leavingOut(withExtra, new Set(except.walls)));
  return leavingOut(whenAny([onWall, listed(extra.instants)]), new Set(except.instants));
}

function split(times: readonly GivenTime[]): { walls: number[]; instants: EpochSeconds[] } {
  const walls = times.flatMap((time) => ('wall' in time ? [time.wall] : []));
  const instants = times.flatMap((time) => ('instant' in time ? [time.instant] : []));
  return { walls, instants };
}

function listed(times: readonly number[]): CompiledTrigger {
  const sorted = [...times].sort((one, other) => one - other);
  return { next: (from) => firstFrom(sorted, from) };
}

function leavingOut(inner: CompiledTrigger, excepted: ReadonlySet<number>): CompiledTrigger {
  return {
    next(from) {
      let found = inner.next(from);
      while (found !== undefined && excepted.has(found)) found = inner.next(found + 1);
      return found;
    },
  };
}
