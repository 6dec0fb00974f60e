import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { DEFAULT_CATCH_UP_WINDOW_SECONDS } from '#shared/domain/job/policy.ts';
import type { ScheduleDefinition, StoredSchedule, Sync } from '#shared/domain/schedule/schedule.ts';
import { triggerOf } from '#shared/domain/schedule/trigger-of.ts';
import { nextFireTime } from '#shared/domain/triggers/next-fire-time.ts';

/**
 * Shows a schedule as the API answers it: what its user wrote, the policies that hold, and how EventBridge stands.
 *
 * @param now - `nextFireTime` is the first after it, or the one that a planned schedule has yet to see to; `null` when the schedule
 * has come to its end.
 */
export function scheduleResource({ definition, state }: StoredSchedule, now: EpochSeconds) {
  const next = state.plan ? state.plan.nextFireTime : nextFireTime(triggerOf(definition), now);
  const { timeoutSeconds, ...policies } = definition.policy;
  return {
    id: definition.scheduleId,
    task: definition.task,
    trigger: definition.trigger,
    input: definition.input,
    catchUpWindow: DEFAULT_CATCH_UP_WINDOW_SECONDS,
    ...policies,
    ...(timeoutSeconds !== undefined && { timeout: timeoutSeconds }),
    metadata: definition.metadata,
    revision: definition.revision,
    sync: syncResource(state.sync, next),
    nextFireTime: next === undefined ? null : toIso(next),
    createdAt: toIso(definition.createdAt),
    updatedAt: toIso(definition.updatedAt),
  };
}

/** Names one state of a schedule, for `If-Match`: its creation and its revision, as an id may be created anew. */
export function etagOf(definition: ScheduleDefinition): string {
  return `"${definition.createdAt}-${definition.revision}"`;
}

/** EventBridge drops its copy by itself after the last firing, so an exhausted schedule is complete without another write. */
function syncResource(sync: Sync, next: EpochSeconds | undefined) {
  const { error } = sync;
  return {
    state: sync.state === 'active' && next === undefined ? 'completed' : sync.state,
    at: toIso(sync.at),
    ...(error && {
      error: {
        code: error.code,
        message: error.message,
        attempts: error.attempts,
        ...(error.retryAt !== undefined && { retryAt: toIso(error.retryAt) }),
      },
    }),
  };
}
