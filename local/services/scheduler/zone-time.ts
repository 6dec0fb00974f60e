import { Temporal } from 'temporal-polyfill';

/** Where a wall-clock time lies on the line of time. */
export type WallTime =
  | { readonly kind: 'instant'; readonly ms: number }
  /** The clocks jumped over it; `shiftedMs` is the instant with the offset that held before the jump. */
  | { readonly kind: 'gap'; readonly shiftedMs: number };

const DAY_MS = 86_400_000;

/**
 * Tells whether a name is a zone of the IANA database, in its exact spelling.
 *
 * Offsets such as `+01:00`, which Node takes for zones too, are none.
 */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Temporal.ZonedDateTime(0n, name).timeZoneId === name;
  } catch {
    return false;
  }
}

/**
 * Gives what a zone's clock shows at an instant.
 *
 * @returns The epoch milliseconds at which a clock in UTC shows the same.
 */
export function wallTimeOf(instantMs: number, timeZone: string): number {
  return instantMs + offsetMs(instantMs, timeZone);
}

/**
 * Finds when a zone's clock shows a wall-clock time: the first time, where the clocks were set back over it.
 *
 * @param wallMs - The epoch milliseconds at which a clock in UTC shows it.
 */
export function instantOf(wallMs: number, timeZone: string): WallTime {
  const before = offsetMs(wallMs - DAY_MS, timeZone);
  const after = offsetMs(wallMs + DAY_MS, timeZone);
  const offsets = new Set([before, after]);
  // A zone that changed twice within the two days has a third offset in between.
  for (const offset of [before, after]) offsets.add(offsetMs(wallMs - offset, timeZone));
  const instants = [...offsets]
    .map((offset) => wallMs - offset)
    .filter((instant) => wallTimeOf(instant, timeZone) === wallMs);
  return instants.length > 0
    ? { kind: 'instant', ms: Math.min(...instants) }
    : { kind: 'gap', shiftedMs: wallMs - before };
}

function offsetMs(instantMs: number, timeZone: string): number {
  const zoned = Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(timeZone);
  return Math.round(zoned.offsetNanoseconds / 1e6);
}
