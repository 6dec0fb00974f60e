import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { DEFAULT_CATCH_UP_WINDOW_SECONDS } from '#shared/domain/job/policy.ts';
import type { Start } from '#shared/domain/job/start.ts';
import { startOf } from '#shared/domain/schedule/due-starts.ts';
import type { PassedOver, Pause } from '#shared/domain/schedule/pause.ts';
import type { Plan, ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import { triggerOf } from '#shared/domain/schedule/trigger-of.ts';
import { MaxIterationsReached } from '#shared/domain/triggers/combined-rule.ts';
import { fireTimes } from '#shared/domain/triggers/fire-times.ts';
import type { Trigger } from '#shared/domain/triggers/trigger.ts';

/** Which of the fire times that passed during a pause are started when it ends; the first is the default. */
export const CATCH_UPS = ['none', 'latest', 'all'] as const;

export type CatchUp = (typeof CATCH_UPS)[number];

/** What the end of a pause starts, and what it leaves out for good. */
export interface CatchUpDecision {
  /** In order. Each has a `deliverBy` of its own, as it was asked for: it is run whatever the schedule says by then. */
  readonly starts: readonly Start[];
  /** Absent where nothing is left out. */
  readonly passedOver?: PassedOver;
}

/**
 * Decides what becomes of the fire times that passed while a schedule was paused, by its trigger as it is now.
 *
 *    since           now - catchUpWindow          now
 *      |── passed over ──|── `latest` or `all` of these ──|
 *
 * With `maxJobs`, no more are started than are left.
 */
export function decideCatchUp(
  { definition, pause, plan }: PausedSchedule,
  catchUp: CatchUp,
  now: EpochSeconds,
): CatchUpDecision {
  const { policy } = definition;
  const window = policy.catchUpWindow ?? DEFAULT_CATCH_UP_WINDOW_SECONDS;
  const from = Math.max(pause.since, now - window);
  const due = catchUp === 'none' ? [] : listFireTimes(triggerOf(definition), from, now);
  const left = Math.max((policy.maxJobs ?? Number.POSITIVE_INFINITY) - (plan?.started ?? 0), 0);
  const picked = (catchUp === 'latest' ? due.slice(-1) : due).slice(0, left);
  const to = (picked[0] ?? now + 1) - 1;
  return {
    starts: picked.map((fireTime) => ({
      ...startOf(definition, toIso(fireTime)),
      deliverBy: toIso(fireTime + window),
    })),
    ...(to >= pause.since && { passedOver: { from: pause.since, to } }),
  };
}

/** A schedule whose pause is about to end. */
export interface PausedSchedule {
  readonly definition: ScheduleDefinition;
  readonly pause: Pick<Pause, 'since'>;
  readonly plan: Plan | undefined;
}

function listFireTimes(
  trigger: Trigger,
  from: EpochSeconds,
  to: EpochSeconds,
): readonly EpochSeconds[] {
  const listed: EpochSeconds[] = [];
  try {
    // A day's at one a minute are the most, as no window is longer and no trigger is let in that fires more often.
    for (const at of fireTimes(trigger, from, to)) listed.push(at);
  } catch (error) {
    // A combination that finds no further fire time within its bound has none.
    if (!(error instanceof MaxIterationsReached)) throw error;
  }
  return listed;
}
