import { fireTimeOf, jobId } from '#shared/domain/job/job-key.ts';
import { deliverByOf, keyOfStart, type Start } from '#shared/domain/job/start.ts';
import { stableFraction } from '#shared/domain/stable-fraction.ts';

/** A start that its jitter sends through the queue once more has this long to come back before the job would be missed. */
const RETURN_SECONDS = 60;

/**
 * Finds how long after its fire time a job is begun, so that schedules with one fire time do not all begin at once.
 *
 * The same job always waits the same time. It is spread over `maxJitter`, and over less where the delivery window is nearly as short:
 * the last minute of the window, or its second half, is left for the way through the queue.
 *
 * @returns Whole seconds from 0 to `maxJitter`; 0 for manual and direct jobs, and for all but the first attempt.
 */
export function jitterSeconds(start: Start): number {
  const { maxJitter = 0 } = start.policy;
  if (maxJitter === 0 || start.attempt !== 1 || start.fireTime.includes('~')) return 0;
  const key = keyOfStart(start);
  const window = deliverByOf(start) - fireTimeOf(key);
  const span = Math.min(maxJitter, Math.max(window - RETURN_SECONDS, Math.floor(window / 2)));
  return Math.floor(stableFraction(jobId(key)) * (span + 1));
}
