import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';

/** The current instant, cut to the second. */
export type WallClock = () => EpochSeconds;
