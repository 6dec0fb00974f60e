import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { DEFAULT_CATCH_UP_WINDOW_SECONDS } from '#shared/domain/job/policy.ts';
import { dependencyOf } from '#shared/domain/schedule/dependency.ts';
import { type Pause, pauseAt } from '#shared/domain/schedule/pause.ts';
import type { ScheduleDefinition, StoredSchedule, Sync } from '#shared/domain/schedule/schedule.ts';
import { triggerOf } from '#shared/domain/schedule/trigger-of.ts';
import { DAY_SECONDS } from '#shared/domain/triggers/civil-date.ts';
import { nextFireTime } from '#shared/domain/triggers/next-fire-time.ts';
import { withoutNotes } from './policy-of.ts';

/**
 * Shows a schedule as the API answers it: what its user wrote, the policies that hold, and how EventBridge stands.
 *
 * @param now - `nextFireTime` is the first after it, or the one that a planned schedule has yet to see to; `null` when the schedule
 * has come to its end, while it is paused without an end, and where another schedule's jobs start it.
 */
export function scheduleResource({ definition, state }: StoredSchedule, now: EpochSeconds) {
  const pause = pauseAt(state, now);
  const next = nextOf({ definition, state }, pause, now);
  const { id, task, trigger, input, ...policies } = writtenFields(definition);
  return {
    id,
    task,
    trigger,
    input,
    catchUpWindow: DEFAULT_CATCH_UP_WINDOW_SECONDS,
    ...policies,
    revision: definition.revision,
    sync: syncResource(state.sync, next === undefined && !pause && !dependencyOf(definition)),
    ...(pause && { paused: pauseResource(pause) }),
    nextFireTime: next === undefined ? null : toIso(next),
    createdAt: toIso(definition.createdAt),
    updatedAt: toIso(definition.updatedAt),
  };
}

/** Shows what of a schedule its user writes, in the form of the body that would write it. */
export function writtenFields(definition: ScheduleDefinition) {
  const { scheduleId, task, trigger, input, metadata } = definition;
  const { timeoutSeconds, archiveDays, ...policies } = withoutNotes(definition.policy);
  return {
    id: scheduleId,
    task,
    trigger,
    input,
    ...policies,
    ...(archiveDays !== undefined && {
      archive: { after: 'expiry' as const, keep: archiveDays * DAY_SECONDS },
    }),
    ...(timeoutSeconds !== undefined && { timeout: timeoutSeconds }),
    metadata,
  };
}

/** Names one state of a schedule, for `If-Match`: its creation and its revision, as an id may be created anew. */
export function etagOf(definition: ScheduleDefinition): string {
  return `"${definition.createdAt}-${definition.revision}"`;
}

function nextOf(
  { definition, state }: StoredSchedule,
  pause: Pause | undefined,
  now: EpochSeconds,
): EpochSeconds | undefined {
  if (pause && pause.until === undefined) return undefined;
  if (state.plan) return state.plan.nextFireTime;
  return nextFireTime(triggerOf(definition), Math.max(now, (pause?.until ?? 0) - 1));
}

function pauseResource({ note, by, since, until }: Pause) {
  return {
    ...(note !== undefined && { note }),
    by,
    since: toIso(since),
    ...(until !== undefined && { until: toIso(until) }),
  };
}

/** EventBridge drops its copy by itself after the last firing, so an exhausted schedule is complete without another write. */
function syncResource(sync: Sync, isExhausted: boolean) {
  const { error } = sync;
  return {
    state: sync.state === 'active' && isExhausted ? 'completed' : sync.state,
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
