import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { MaxIterationsReached } from '#shared/domain/triggers/combined-rule.ts';
import { nextFireTime } from '#shared/domain/triggers/next-fire-time.ts';
import type { Trigger } from '#shared/domain/triggers/trigger.ts';

/** Finds a trigger's next fire time as `nextFireTime` does; a combination that finds none within its bound of iterations has none. */
export function nextOrNone(trigger: Trigger, after: EpochSeconds): EpochSeconds | undefined {
  try {
    return nextFireTime(trigger, after);
  } catch (error) {
    if (error instanceof MaxIterationsReached) return undefined;
    throw error;
  }
}
