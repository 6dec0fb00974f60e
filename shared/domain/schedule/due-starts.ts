import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { LATE_AFTER_SECONDS } from '#shared/domain/job/decide-admission.ts';
import { DEFAULT_CATCH_UP_WINDOW_SECONDS } from '#shared/domain/job/policy.ts';
import type { Start } from '#shared/domain/job/start.ts';
import { isLeftOut } from '#shared/domain/schedule/pause.ts';
import type { ScheduleDefinition, StoredSchedule } from '#shared/domain/schedule/schedule.ts';
import { startPolicyOf } from '#shared/domain/schedule/schedule-policy.ts';
import { triggerOf } from '#shared/domain/schedule/trigger-of.ts';
import { fireTimes } from '#shared/domain/triggers/fire-times.ts';

/** A start that goes by way of the queue, because EventBridge may not know of its fire time. */
export interface DueStart {
  readonly start: Start;
  /** Late enough that EventBridge's own start, if it comes, comes first. */
  readonly notBefore: EpochSeconds;
}

/** Makes the start of a schedule's regular firing; `fireTime` is an instant, or what EventBridge replaces by one. */
export function startOf(definition: ScheduleDefinition, fireTime: string): Start {
  const { scheduleId, revision, task, input, policy, metadata } = definition;
  return {
    v: 1,
    scheduleId,
    fireTime,
    revision,
    attempt: 1,
    task,
    input,
    policy: startPolicyOf(policy),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  };
}

/**
 * Finds the starts that EventBridge may drop because its copy of the schedule is about to change.
 *
 *    90 s before      now: the present trigger ends here
 *        |── these ──────|
 *
 * Where EventBridge has not yet followed the present trigger, it has fired none of it: then these are all since it began to hold,
 * as far back as a start may be late.
 */
export function lastStarts(present: StoredSchedule, now: EpochSeconds): readonly DueStart[] {
  const { state } = present.state.sync;
  const isFollowed = state === 'active' || state === 'completed';
  return dueStarts(present, now - (isFollowed ? LATE_AFTER_SECONDS : windowOf(present)), now);
}

/**
 * Finds the starts that EventBridge may have missed because it learned of the trigger late.
 *
 *    changed         applied      90 s after
 *        |── these ──────────────────|── EventBridge's own
 *
 * A change that could not be applied for longer than a start may be late has lost what lies before.
 */
export function nearStarts(schedule: StoredSchedule, appliedAt: EpochSeconds): readonly DueStart[] {
  return dueStarts(schedule, appliedAt - windowOf(schedule), appliedAt + LATE_AFTER_SECONDS);
}

function windowOf({ definition }: StoredSchedule): number {
  return definition.policy.catchUpWindow ?? DEFAULT_CATCH_UP_WINDOW_SECONDS;
}

/** Lists what is due after `from`, and after the trigger began to hold, up to and including `to`, without what a pause leaves out. */
function dueStarts(
  { definition, state }: StoredSchedule,
  from: EpochSeconds,
  to: EpochSeconds,
): readonly DueStart[] {
  const after = Math.max(from, state.changedAt);
  const due: DueStart[] = [];
  for (const fireTime of fireTimes(triggerOf(definition), after + 1, to))
    if (!isLeftOut(state, fireTime))
      due.push({
        start: startOf(definition, toIso(fireTime)),
        notBefore: fireTime + LATE_AFTER_SECONDS,
      });
  return due;
}
