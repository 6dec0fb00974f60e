const SHORTEST_WAIT_SECONDS = 15;

/** Nobody waits longer for the next look. */
export const LONGEST_WAIT_SECONDS = 900;

/**
 * Decides how long it is until a job that cannot begin yet is looked at again: half as long as it is late, so that one that has waited
 * for an hour is not asked after every few seconds, and one that waits for a moment not left for long.
 *
 * @param lateSeconds - How long ago its fire time was.
 * @returns 15 to 900 seconds.
 */
export function lookAgainAfter(lateSeconds: number): number {
  return Math.min(
    Math.max(Math.ceil(lateSeconds / 2), SHORTEST_WAIT_SECONDS),
    LONGEST_WAIT_SECONDS,
  );
}
