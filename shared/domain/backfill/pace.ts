import type { Overlap } from '#shared/domain/job/overlap.ts';

/** So many jobs of a backfill are under way at once, where they may be. */
const MOST_OPEN = 25;

const SHORTEST_WAIT_SECONDS = 2;
const LONGEST_WAIT_SECONDS = 60;

/**
 * Tells how many jobs of a backfill may be under way at once.
 *
 * Wherever jobs may not overlap it is one: many would wait, be left out, or end each other, and the last of many would wait for longer
 * than it may be late.
 */
export function mostOpen(overlap: Overlap | undefined): number {
  return (overlap ?? 'allow-all') === 'allow-all' ? MOST_OPEN : 1;
}

/**
 * Decides how long a backfill waits before it looks again: soon where something has moved, ever longer where nothing has.
 *
 * @param waited - How long it waited before, in seconds.
 */
export function nextWait(waited: number, hasMoved: boolean): number {
  if (hasMoved) return SHORTEST_WAIT_SECONDS;
  return Math.min(Math.max(waited * 2, SHORTEST_WAIT_SECONDS), LONGEST_WAIT_SECONDS);
}
