import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { wallText } from '#shared/domain/triggers/civil-date.ts';
import { timeZoneOf } from '#shared/domain/triggers/time-zone.ts';

/**
 * Writes an instant as a zone's wall clock shows it, with the offset: `2026-11-23T10:00:00+01:00`.
 *
 * An offset that is not whole minutes, as zones had them before 1973, keeps its seconds: `-00:44:30`.
 *
 * @param timeZone - A name that `isTimeZoneName` accepts.
 */
export function localText(instant: EpochSeconds, timeZone: string): string {
  const { offset } = timeZoneOf(timeZone).periodAt(instant);
  return `${wallText(instant + offset)}${offsetText(offset)}`;
}

function offsetText(offset: number): string {
  const size = Math.abs(offset);
  const parts = [Math.floor(size / 3_600), Math.floor(size / 60) % 60, size % 60];
  const shown = size % 60 === 0 ? parts.slice(0, 2) : parts;
  return `${offset < 0 ? '-' : '+'}${shown.map((part) => String(part).padStart(2, '0')).join(':')}`;
}
