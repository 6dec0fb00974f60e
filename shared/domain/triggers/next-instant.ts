import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { DAY_SECONDS, type WallSeconds } from './civil-date.ts';
import type { OffsetPeriod, TimeZone } from './time-zone.ts';
import type { ClockChangePolicy } from './trigger.ts';

/** A rule about wall-clock times that knows nothing of zones. */
export interface WallRule {
  /** Finds the first match at or after a wall-clock time; `undefined` if there is none. */
  next(wall: WallSeconds): WallSeconds | undefined;
}

/**
 * After so many periods without a fire time the rule meets gaps alone: between them lie more than a hundred clock
 * changes, and the calendar's 14 kinds of year all come round within 40 years.
 */
const MOST_PERIODS = 400;

/**
 * Finds the first instant, at or after a given one, at which a zone's wall clock shows a time that a rule matches.
 *
 * It walks through the zone's offset periods. Within one, wall clock and instants run alike, so one question to the
 * rule decides; a period that cannot hold the rule's next match is not visited.
 *
 *    instants      ──── period ────|──── period ──── …
 *    gap                           ^ its wall clock starts later: `shift` fires what was left out in here
 *    fold                          ^ its wall clock starts earlier: `first` begins where the period before ended
 */
export function nextInstant(
  rule: WallRule,
  clock: Clock,
  from: EpochSeconds,
): EpochSeconds | undefined {
  let period: OffsetPeriod | undefined = clock.zone.periodAt(from);
  for (let visited = 0; period && visited < MOST_PERIODS; visited += 1) {
    const start = Math.max(from, period.from);
    const wallStart = firstWall(period, start, clock.fold);
    const wall = rule.next(wallStart);
    const shifted = clock.gap === 'shift' ? nextShifted(rule, period, start) : undefined;
    const found = earliest(regular(period, wall), shifted);
    if (found !== undefined) return found;
    period = nextPeriod(clock, period, { wallStart, wall });
  }
  return undefined;
}

interface Clock extends ClockChangePolicy {
  readonly zone: TimeZone;
}

/** Leaps to the period that may hold the next match, unless a fold brings back times from before the search began. */
function nextPeriod(
  { zone, fold }: Clock,
  period: OffsetPeriod,
  search: { readonly wallStart: WallSeconds; readonly wall: WallSeconds | undefined },
): OffsetPeriod | undefined {
  if (period.until === Number.POSITIVE_INFINITY) return undefined;
  const next = zone.periodAt(period.until);
  if (fold === 'both' && next.from + next.offset < search.wallStart) return next;
  if (search.wall === undefined) return undefined;
  return zone.periodAt(Math.max(next.from, search.wall - DAY_SECONDS));
}

function regular(period: OffsetPeriod, wall: WallSeconds | undefined): EpochSeconds | undefined {
  return wall !== undefined && wall - period.offset < period.until
    ? wall - period.offset
    : undefined;
}

function firstWall(
  period: OffsetPeriod,
  start: EpochSeconds,
  fold: ClockChangePolicy['fold'],
): WallSeconds {
  const wall = start + period.offset;
  return fold === 'first' ? Math.max(wall, period.from + period.offsetBefore) : wall;
}

/** A time in the gap fires as if the clock had not been moved yet: its distance from the change stays as it was. */
function nextShifted(
  rule: WallRule,
  period: OffsetPeriod,
  start: EpochSeconds,
): EpochSeconds | undefined {
  const gapEnd = period.from + period.offset;
  const gapFrom = start + period.offsetBefore;
  if (period.offset <= period.offsetBefore || gapFrom >= gapEnd) return undefined;
  const wall = rule.next(gapFrom);
  return wall !== undefined && wall < gapEnd ? wall - period.offsetBefore : undefined;
}

function earliest(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined) return other;
  return other === undefined ? one : Math.min(one, other);
}
