import { type EpochSeconds, fromIso, toIso } from '#shared/domain/epoch-seconds.ts';
import { DAY_SECONDS } from '#shared/domain/triggers/civil-date.ts';

/** The lengths of time that are summed up. */
export const GRAINS = ['hour', 'day'] as const;

export type Grain = (typeof GRAINS)[number];

/** Names one hour or day in UTC, as `metrics#hour#2026-11-23T14` or `metrics#day#2026-11-23`: the sort key of its rollup. */
export type RollupPart = `metrics#${Grain}#${string}`;

/** How long each is. */
export const GRAIN_SECONDS: Readonly<Record<Grain, number>> = { hour: 3_600, day: DAY_SECONDS };

const SHOWN = { hour: 'YYYY-MM-DDTHH'.length, day: 'YYYY-MM-DD'.length };
const REST = { hour: ':00:00Z', day: 'T00:00:00Z' };

/** Names the hour or day in which an instant lies. */
export function rollupPart(grain: Grain, instant: EpochSeconds): RollupPart {
  return `metrics#${grain}#${toIso(instant).slice(0, SHOWN[grain])}`;
}

/**
 * Reads which hour or day a part names, and when it begins.
 *
 * @returns `undefined` for any other text.
 */
export function readRollupPart(
  part: string,
): { readonly grain: Grain; readonly from: EpochSeconds } | undefined {
  const [, name, text] = part.split('#');
  const grain = GRAINS.find((one) => one === name);
  const from = grain && fromIso(`${text}${REST[grain]}`);
  return grain && from !== undefined ? { grain, from } : undefined;
}
