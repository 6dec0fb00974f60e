import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { DAY_SECONDS } from '#shared/domain/triggers/civil-date.ts';

/** The dates of ten years and more; then all are forgotten. */
const MOST_DATES = 4_096;

/** `00` to `59`. */
const PAIRS = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));

/**
 * Makes a function that writes what `toIso` does, several times as fast.
 *
 * Fire times of many triggers fall on the same days, so each date is written out once.
 */
export function createInstantWriter(): (instant: EpochSeconds) => string {
  const dates = new Map<number, string>();
  const dateOf = (day: number) => {
    const known = dates.get(day);
    if (known !== undefined) return known;
    if (dates.size >= MOST_DATES) dates.clear();
    const date = toIso(day * DAY_SECONDS).slice(0, 'YYYY-MM-DDT'.length);
    dates.set(day, date);
    return date;
  };
  return (instant) => {
    const day = Math.floor(instant / DAY_SECONDS);
    const second = instant - day * DAY_SECONDS;
    const minute = Math.floor(second / 60);
    return `${dateOf(day)}${PAIRS[Math.floor(minute / 60)]}:${PAIRS[minute % 60]}:${PAIRS[second % 60]}Z`;
  };
}
