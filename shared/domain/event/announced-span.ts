import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { EXPIRY_LEAD_SECONDS } from '#shared/domain/event/result-expiring.ts';
import { DAY_SECONDS } from '#shared/domain/triggers/civil-date.ts';
import { dayStart } from '#shared/domain/utc-day.ts';

/** A result whose time was set a moment ago may not be in the index yet. */
const INDEX_LAG_SECONDS = 600;

/** So much is told of at one go before it is noted how far that has come. */
const SLICE_SECONDS = 3_600;

/** How far back a stack looks that has told of nothing yet: between two calls of its timer. */
const FIRST_SPAN_SECONDS = 21_600;

/** A span of expiries within one day in UTC, from its first second up to before its last. */
export interface ExpirySpan {
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
}

/**
 * Finds which expiries come next to be told of, a slice at a time.
 *
 *     now                   toldTo        now + lead - lag
 *      |── told before ────────|── slice ──|
 *
 * After a long halt it goes on with what has not expired yet.
 *
 * @param toldTo - Expiries before it have been told of; absent: none has.
 * @returns `undefined` where all have been told of that are near enough.
 */
export function nextExpirySpan(
  toldTo: EpochSeconds | undefined,
  now: EpochSeconds,
): ExpirySpan | undefined {
  const end = now + EXPIRY_LEAD_SECONDS - INDEX_LAG_SECONDS;
  const from = Math.max(toldTo ?? end - FIRST_SPAN_SECONDS, now);
  const midnight = dayStart(from) + DAY_SECONDS;
  return from < end ? { from, to: Math.min(from + SLICE_SECONDS, midnight, end) } : undefined;
}
