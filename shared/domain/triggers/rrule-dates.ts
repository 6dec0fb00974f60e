import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { whenAny } from './combined-rule.ts';
import type { CompiledTrigger } from './compiled-trigger.ts';
import type { WallRule } from './next-instant.ts';
import { firstFrom } from './rrule-day-periods.ts';
import { rruleRule } from './rrule-rule.ts';
import type { GivenTime, RruleTrigger } from './trigger.ts';

/**
 * Makes the wall-clock part of an rrule trigger: what the rule gives and RDATE adds, less what EXDATE takes away.
 *
 * A date without `Z` is a time on the wall clock, and meets gaps and folds as the rule's own times do.
 */
export function wallDatesRule(trigger: RruleTrigger): WallRule {
  const withExtra = whenAny([rruleRule(trigger.rule), listed(wallsOf(trigger.extra))]);
  return leavingOut(withExtra, wallsOf(trigger.except));
}

/** Adds the instants among an rrule trigger's RDATEs, then takes away those among its EXDATEs. */
export function withInstants(onWallClock: CompiledTrigger, trigger: RruleTrigger): CompiledTrigger {
  const withExtra = whenAny([onWallClock, listed(instantsOf(trigger.extra))]);
  return leavingOut(withExtra, instantsOf(trigger.except));
}

function wallsOf(times: readonly GivenTime[]): readonly number[] {
  return times.flatMap((time) => ('wall' in time ? [time.wall] : []));
}

function instantsOf(times: readonly GivenTime[]): readonly EpochSeconds[] {
  return times.flatMap((time) => ('instant' in time ? [time.instant] : []));
}

function listed(times: readonly number[]): CompiledTrigger {
  const sorted = [...times].sort((one, other) => one - other);
  return { next: (from) => firstFrom(sorted, from) };
}

function leavingOut(inner: CompiledTrigger, times: readonly number[]): CompiledTrigger {
  const excepted = new Set(times);
  return {
    next(from) {
      let found = inner.next(from);
      while (found !== undefined && excepted.has(found)) found = inner.next(found + 1);
      return found;
    },
  };
}
