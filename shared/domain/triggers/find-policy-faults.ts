import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { MaxIterationsReached } from './combined-rule.ts';
import { fireTimes } from './fire-times.ts';
import { nextFireTime } from './next-fire-time.ts';
import type { TimedTrigger, Trigger, TriggerFault } from './trigger.ts';

/** EventBridge Scheduler keeps time to the minute. See https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
const SHORTEST_GAP_SECONDS = 60;

/** A trigger that shows no short gap among so many fire times is taken to have none. */
const FIRE_TIMES_LOOKED_AT = 500;

/**
 * Finds what the API refuses in a trigger that is sound in itself: what has passed, and what fires too often.
 *
 * The engine and previews do not ask for this.
 *
 * @param now - A trigger without a fire time after it has passed.
 */
export function findPolicyFaults(trigger: Trigger, now: EpochSeconds): readonly TriggerFault[] {
  if (trigger.kind === 'after') return [];
  try {
    if (nextFireTime(trigger, now) === undefined) return [passed(trigger, now)];
    return closeTogether(trigger, now);
  } catch (error) {
    if (!(error instanceof MaxIterationsReached)) throw error;
    return [{ pointer: '', code: 'trigger.max-iterations', detail: error.message }];
  }
}

function closeTogether(trigger: Trigger, now: EpochSeconds): readonly TriggerFault[] {
  const gap = shortestGap(trigger, now);
  if (gap >= SHORTEST_GAP_SECONDS) return [];
  const detail = `Expected fire times to be at least ${SHORTEST_GAP_SECONDS} s apart, got ${gap} s`;
  return [{ pointer: pointerOf(trigger), code: 'trigger.too-frequent', detail }];
}

function passed(trigger: TimedTrigger, now: EpochSeconds): TriggerFault {
  const field = trigger.kind === 'once' ? 'at' : 'endAt';
  if (trigger.kind === 'once' || (trigger.endAt !== undefined && trigger.endAt <= now)) {
    const detail = `Expected ${field} to be later than now, ${toIso(now)}, got a time that has passed`;
    return { pointer: `/${field}`, code: 'trigger.past', detail };
  }
  const detail = `Expected a fire time after now, ${toIso(now)}, got a trigger that can never fire again`;
  return { pointer: '', code: 'trigger.never-fires', detail };
}

function shortestGap(trigger: Trigger, now: EpochSeconds): number {
  let [shortest, previous, looked] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const at of fireTimes(trigger, now + 1)) {
    shortest = Math.min(shortest, at - previous);
    previous = at;
    looked += 1;
    if (looked === FIRE_TIMES_LOOKED_AT || shortest < SHORTEST_GAP_SECONDS) break;
  }
  return shortest;
}

function pointerOf({ kind }: Trigger): string {
  return kind === 'interval' ? '/every' : '';
}
