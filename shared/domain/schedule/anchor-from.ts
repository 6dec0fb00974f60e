import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';

/**
 * Finds what an interval without `startAt` counts from when its trigger begins to hold: the next full minute, as EventBridge's cron
 * begins on no other second.
 *
 * @param now - When it begins to hold; a full minute is its own anchor.
 */
export function anchorFrom(now: EpochSeconds): EpochSeconds {
  return Math.ceil(now / 60) * 60;
}
