import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';

/** A plan whose fire time, or a change whose projection, is this old stands still: the sweep takes it up from there. */
export const STANDS_STILL_AFTER_SECONDS = 300;

/** How often the sweep comes. */
export const SWEEP_SECONDS = 300;

const SHORTEST_WAIT_SECONDS = 15;

/**
 * Decides when a planned schedule is told again that its fire time has come, after telling it has failed.
 *
 *    fireTime     + 300 s          + 600 s
 *       |── again, after ever longer waits ──|── the sweep has it, every time it comes
 *
 * @returns `undefined` once the sweep sees to it, so that what keeps failing is told by one sender, and does not add up.
 */
export function advanceAgainAt(
  fireTime: EpochSeconds,
  now: EpochSeconds,
): EpochSeconds | undefined {
  const at = now + Math.max(Math.ceil((now - fireTime) / 2), SHORTEST_WAIT_SECONDS);
  return at <= fireTime + STANDS_STILL_AFTER_SECONDS + SWEEP_SECONDS ? at : undefined;
}
