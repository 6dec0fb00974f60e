import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';

/**
 * A new role is refused for a minute or two after a deploy, so the first waits are short; a schedule that stays refused is tried for a day.
 */
const FIRST_WAIT_SECONDS = 5;
const LONGEST_WAIT_SECONDS = 900;
const MOST_ATTEMPTS = 100;

/**
 * Decides when a schedule that EventBridge refused is tried again: after 5, 10, 20… seconds, then every 15 minutes.
 *
 * @param attempts - How often it has been tried, from 1.
 * @returns `undefined` once it is given up; the next write of the schedule tries anew.
 */
export function retryAfterRefusal(attempts: number, now: EpochSeconds): EpochSeconds | undefined {
  if (attempts >= MOST_ATTEMPTS) return undefined;
  return now + Math.min(FIRST_WAIT_SECONDS * 2 ** (attempts - 1), LONGEST_WAIT_SECONDS);
}
