import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { DAY_SECONDS, type WallSeconds, wallText } from './civil-date.ts';
import { nextAllowedDay } from './exclusion.ts';
import { type OffsetPeriod, timeZoneOf } from './time-zone.ts';
import type { TimedTrigger } from './trigger.ts';
import { isOnWallClock, type WallClockTrigger, wallRuleOf } from './wall-rule-of.ts';

/** What a clock change does to one wall-clock time at which a trigger is due. */
export interface ClockChangeEffect {
  /** A gap leaves the time out, and it is skipped, or shifted to a later one; a fold repeats it. */
  readonly effect: 'skipped' | 'shifted' | 'repeated';
  readonly timeZone: string;
  /** As `2026-03-08T02:30:00`. */
  readonly wallTime: string;
  /** When the clock changes. */
  readonly changeAt: EpochSeconds;
  /** The instants at which the time fires: none, one, or for `fold: "both"` two. */
  readonly fireTimes: readonly EpochSeconds[];
}

/** So many are explained at most, the earliest first: a trigger may fire every second of the hour that repeats. */
const MOST_EFFECTS = 500;
const LONGEST_WINDOW_SECONDS = 36_525 * DAY_SECONDS;

/**
 * Lists what the clock changes within a window do to a trigger's wall-clock times.
 *
 * Intervals run on whatever the wall clock does. The effects on the triggers of an `any` are listed together; those of
 * an `all` are not, as it does not fire whenever they do.
 *
 * @param window - The first and the last instant at which the clock changes, both inclusive; at most 100 years count.
 */
export function explainClockChanges(
  trigger: TimedTrigger,
  window: { readonly from: EpochSeconds; readonly to: EpochSeconds },
): readonly ClockChangeEffect[] {
  if (trigger.kind === 'any')
    return trigger.of
      .flatMap((member) => explainClockChanges(member, window))
      .sort((one, other) => one.changeAt - other.changeAt)
      .slice(0, MOST_EFFECTS);
  return isOnWallClock(trigger) ? effectsOn(trigger, window) : [];
}

function effectsOn(
  trigger: WallClockTrigger,
  { from, to }: { readonly from: EpochSeconds; readonly to: EpochSeconds },
): readonly ClockChangeEffect[] {
  const zone = timeZoneOf(trigger.timeZone);
  const rule = wallRuleOf(trigger);
  const isWithin = bounds(trigger);
  const last = Math.min(to, from + LONGEST_WINDOW_SECONDS);
  const effects: ClockChangeEffect[] = [];
  for (let period = zone.periodAt(from - 1); period.until <= last; ) {
    period = zone.periodAt(period.until);
    const until = period.from + Math.max(period.offset, period.offsetBefore);
    let wall = rule.next(period.from + Math.min(period.offset, period.offsetBefore));
    while (wall !== undefined && wall < until && effects.length < MOST_EFFECTS) {
      if (isWithin(wall, wall - period.offsetBefore)) effects.push(effectOn(trigger, period, wall));
      wall = rule.next(wall + 1);
    }
  }
  return effects;
}

function effectOn(
  { gap, fold, timeZone }: WallClockTrigger,
  period: OffsetPeriod,
  wall: WallSeconds,
): ClockChangeEffect {
  const change = { timeZone, wallTime: wallText(wall), changeAt: period.from };
  const [before, after] = [wall - period.offsetBefore, wall - period.offset];
  if (period.offset < period.offsetBefore)
    return {
      effect: 'repeated',
      ...change,
      fireTimes: fold === 'both' ? [before, after] : [before],
    };
  return gap === 'shift'
    ? { effect: 'shifted', ...change, fireTimes: [before] }
    : { effect: 'skipped', ...change, fireTimes: [] };
}

/** A time that the trigger's bounds or exclusions keep from firing is not touched by a clock change. */
function bounds(trigger: WallClockTrigger): (wall: WallSeconds, instant: EpochSeconds) => boolean {
  if (trigger.kind === 'once') return () => true;
  const { startAt = Number.NEGATIVE_INFINITY, endAt = Number.POSITIVE_INFINITY, exclude } = trigger;
  const allowedFrom = exclude ? nextAllowedDay(exclude) : (day: number) => day;
  return (wall, instant) => {
    const day = Math.floor(wall / DAY_SECONDS);
    return instant >= startAt && instant <= endAt && allowedFrom(day) === day;
  };
}
