import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Grain } from '#shared/domain/rollup/rollup-part.ts';
import { DAY_SECONDS } from '#shared/domain/triggers/civil-date.ts';

/** How long a point of a metric may be: hours that divide a day, and a day. */
export const STEPS = ['1h', '2h', '3h', '4h', '6h', '8h', '12h', '1d'] as const;

export type Step = (typeof STEPS)[number];

/** Tells which rollups a step is made of. */
export function grainOf(step: Step): Grain {
  return step === '1d' ? 'day' : 'hour';
}

/** Finds when the step begins in which an instant lies; all are counted from midnight in UTC. */
export function stepStart(step: Step, instant: EpochSeconds): EpochSeconds {
  const seconds = step === '1d' ? DAY_SECONDS : Number.parseInt(step, 10) * 3_600;
  return Math.floor(instant / seconds) * seconds;
}
