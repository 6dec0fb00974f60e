/**
 * An instant as whole seconds since 1970-01-01T00:00:00Z.
 *
 * A plain number, because the trigger engine steps through hundreds of thousands of them per second.
 */
export type EpochSeconds = number;

const ISO_INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/**
 * Writes an instant as ISO 8601 in UTC, to the second: `2026-11-23T09:00:00Z`.
 *
 * @param instant - From year 0 to year 9999, so that every text has the same length and texts sort as instants do.
 */
export function toIso(instant: EpochSeconds): string {
  return `${new Date(instant * 1000).toISOString().slice(0, 'YYYY-MM-DDTHH:mm:ss'.length)}Z`;
}

/**
 * Reads an ISO 8601 instant, which must say its offset: `Z` or `+02:00`.
 *
 * A fraction of a second is cut off, never rounded up into the next second.
 *
 * @returns `undefined` for any other text, and for a date or time that does not exist.
 */
export function fromIso(text: string): EpochSeconds | undefined {
  const match = ISO_INSTANT.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const wall = wallSecondsOf([year, month, day, hour, minute, second]);
  const [sign, offsetHours, offsetMinutes] = [
    match[7],
    Number(match[8] ?? 0),
    Number(match[9] ?? 0),
  ];
  if (wall === undefined || offsetHours > 23 || offsetMinutes > 59) return undefined;
  const offset = offsetHours * 3600 + offsetMinutes * 60;
  return sign === '-' ? wall + offset : wall - offset;
}

function wallSecondsOf(parts: readonly (number | undefined)[]): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() / 1000 + hour * 3600 + minute * 60 + second : undefined;
}
