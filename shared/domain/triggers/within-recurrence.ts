import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { DAY_SECONDS, dayNumberOf, LAST_YEAR } from './civil-date.ts';
import type { CompiledTrigger } from './compiled-trigger.ts';
import { nextAllowedDay } from './exclusion.ts';
import { nextInstant, type WallRule } from './next-instant.ts';
import { type TimeZone, timeZoneOf } from './time-zone.ts';
import type { Exclusion, Recurrence } from './trigger.ts';

/** A trigger whose fire times fall on excluded days so many times in a row counts as exhausted. */
const MOST_EXCLUDED = 5000;

const END_OF_TIME = dayNumberOf(LAST_YEAR + 1, 1, 1) * DAY_SECONDS - 1;

/** Keeps a trigger's fire times within its bounds, and off the days that it excludes. */
export function withinRecurrence(inner: CompiledTrigger, recurrence: Recurrence): CompiledTrigger {
  const { startAt = Number.NEGATIVE_INFINITY, endAt = END_OF_TIME, exclude } = recurrence;
  const allowed = exclude
    ? offExcludedDays(inner, exclude, timeZoneOf(recurrence.timeZone))
    : inner;
  return {
    next(from) {
      if (from > endAt) return undefined;
      const found = allowed.next(Math.max(from, startAt));
      return found !== undefined && found <= endAt ? found : undefined;
    },
  };
}

function offExcludedDays(
  inner: CompiledTrigger,
  exclude: Exclusion,
  zone: TimeZone,
): CompiledTrigger {
  const allowedFrom = nextAllowedDay(exclude);
  return {
    next(from) {
      let found = inner.next(from);
      for (let skipped = 0; found !== undefined && skipped < MOST_EXCLUDED; skipped += 1) {
        const day = Math.floor((found + zone.periodAt(found).offset) / DAY_SECONDS);
        const allowed = allowedFrom(day);
        if (allowed === day) return found;
        const start: EpochSeconds | undefined = startOfDay(zone, allowed, found + 1);
        found = start === undefined ? undefined : inner.next(start);
      }
      return undefined;
    },
  };
}

/** A day begins where its midnight is, or, if a gap takes that, where the gap ends. */
function startOfDay(zone: TimeZone, day: number, from: EpochSeconds): EpochSeconds | undefined {
  const midnight = day * DAY_SECONDS;
  const fromMidnight: WallRule = { next: (wall) => Math.max(wall, midnight) };
  return nextInstant(fromMidnight, { zone, gap: 'skip', fold: 'both' }, from);
}
