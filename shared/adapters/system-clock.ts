import type { WallClock } from '#shared/ports/wall-clock.ts';

/** Reads the machine's clock. */
export const now: WallClock = () => Math.floor(Date.now() / 1000);
