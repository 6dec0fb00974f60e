import { type EpochSeconds, fromIso } from '#shared/domain/epoch-seconds.ts';

/** An instant as tests and the demo write it: ISO 8601 with its offset, or epoch seconds. */
export type Instant = string | EpochSeconds;

/**
 * Reads an instant as epoch milliseconds, which local services count in.
 *
 * @throws a RangeError for a text that is no instant.
 */
export function toMs(instant: Instant): number {
  const seconds = typeof instant === 'number' ? instant : fromIso(instant);
  if (seconds === undefined)
    throw new RangeError(`Expected an instant as 2026-11-23T09:00:00Z, got ${instant}.`);
  return seconds * 1000;
}
