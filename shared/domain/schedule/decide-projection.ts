import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import {
  DEFAULT_CATCH_UP_WINDOW_SECONDS,
  LONGEST_CATCH_UP_WINDOW_SECONDS,
} from '#shared/domain/job/policy.ts';
import { SCHEDULED_TIME, serializeStart } from '#shared/domain/job/start.ts';
import { startOf } from '#shared/domain/schedule/due-starts.ts';
import type { Pause } from '#shared/domain/schedule/pause.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import { triggerOf } from '#shared/domain/schedule/trigger-of.ts';
import { nextFireTime } from '#shared/domain/triggers/next-fire-time.ts';
import { toEventBridge } from '#shared/domain/triggers/to-event-bridge.ts';

/** What EventBridge is to hold for a schedule. */
export type Projection =
  | { readonly kind: 'schedule'; readonly schedule: ProjectedSchedule }
  /** Nothing, as the trigger has no fire time left, or never had one: another schedule's jobs start it. */
  | { readonly kind: 'nothing' }
  /** It cannot hold the trigger any more, as after a change of a zone's rules; the reason is a sentence. */
  | { readonly kind: 'impossible'; readonly reason: string };

/** One schedule as EventBridge Scheduler is to hold it. */
export interface ProjectedSchedule {
  readonly name: string;
  /** `cron(…)` or `at(…)`. */
  readonly expression: string;
  readonly timeZone: string;
  readonly startDate?: EpochSeconds;
  readonly endDate?: EpochSeconds;
  /** It is held, and does not fire. */
  readonly isPaused?: true;
  /** Whose function a firing is delivered to; absent: `advance-schedule`, which has the schedule re-armed. */
  readonly task?: string;
  /** The text that the function receives, context attributes not yet replaced. */
  readonly input: string;
  /** How long EventBridge goes on trying to deliver a firing, 60 to 86,400. */
  readonly maximumEventAgeSeconds: number;
}

/** A tombstone stays until no start of its schedule can be under way any more, with an hour to spare. */
export const TOMBSTONE_SECONDS = LONGEST_CATCH_UP_WINDOW_SECONDS + 3_600;

/**
 * Decides what EventBridge is to hold for a schedule.
 *
 * A pause that ends by itself is a start date, so that nothing has to come and end it; any other switches the copy off.
 *
 * @param now - Fire times up to now are not EventBridge's any more.
 * @param pause - The one in effect.
 */
export function decideProjection(
  definition: ScheduleDefinition,
  now: EpochSeconds,
  pause?: Pick<Pause, 'until'>,
): Projection {
  const trigger = triggerOf(definition);
  const next = nextFireTime(trigger, Math.max(now, (pause?.until ?? 0) - 1));
  const native = toEventBridge(trigger);
  if (next === undefined || native.kind === 'dependent') return { kind: 'nothing' };
  if (native.kind === 'planned')
    return {
      kind: 'impossible',
      reason: `Expected a trigger that EventBridge can hold by itself, got one that it cannot: ${native.reason}.`,
    };
  // What EventBridge says of the time of an `at()` is not documented to the second; its only fire time is known here.
  const fireTime = trigger.kind === 'once' ? toIso(next) : SCHEDULED_TIME;
  const { expression, timeZone, endDate } = native;
  const startDate = Math.max(native.startDate ?? 0, pause?.until ?? 0);
  return {
    kind: 'schedule',
    schedule: {
      name: definition.scheduleId,
      expression,
      timeZone,
      // EventBridge refuses a start more than five minutes past, and a cron expression does not need one.
      ...(startDate > now && { startDate }),
      ...(endDate !== undefined && { endDate }),
      ...(pause && pause.until === undefined && { isPaused: true as const }),
      task: definition.task,
      input: serializeStart(startOf(definition, fireTime)),
      maximumEventAgeSeconds: definition.policy.catchUpWindow ?? DEFAULT_CATCH_UP_WINDOW_SECONDS,
    },
  };
}
