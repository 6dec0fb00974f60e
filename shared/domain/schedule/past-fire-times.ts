import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { DEFAULT_CATCH_UP_WINDOW_SECONDS } from '#shared/domain/job/policy.ts';
import { nextOrNone } from '#shared/domain/schedule/next-or-none.ts';
import { isLeftOut } from '#shared/domain/schedule/pause.ts';
import type { ScheduleState, StoredSchedule } from '#shared/domain/schedule/schedule.ts';
import {
  DEPENDENT_SECONDS,
  NOTHING_TO_COME,
  sweptToOf,
} from '#shared/domain/schedule/sweep-position.ts';
import { triggerOf } from '#shared/domain/schedule/trigger-of.ts';
import type { Trigger } from '#shared/domain/triggers/trigger.ts';

/** A fire time that should have a job by now. */
export interface PastFireTime {
  readonly fireTime: EpochSeconds;
  /** The plan of its schedule has yet to see to it. */
  readonly isPlans: boolean;
}

/**
 * So many fire times of one pause get a job that says `skipped`: three months of a daily schedule, and the first hours of one that
 * fires every minute, whose long pause would otherwise cost as much as running it.
 */
const MOST_TOLD_OF_A_PAUSE = 100;

/**
 * Lists the fire times of a schedule that should have a job by now, from where it is swept to.
 *
 *    definition written            changed, as by a resume        plan.nextFireTime
 *          │── what a pause left out ──│── those, and all others ───────│── the plan's
 *
 * Before the present trigger began to hold there are none: what an earlier one had is not known any more. What a change has seen to
 * itself, as a resume, it has started or left out. A schedule that has ended with the last of its `maxJobs` has none after that.
 *
 * @param to - Inclusive.
 */
export function* pastFireTimes(
  { definition, state }: StoredSchedule,
  to: EpochSeconds,
): Generator<PastFireTime> {
  const trigger = triggerOf(definition);
  const last = Math.min(to, endOf({ definition, state }));
  const told = toldOfPauses(trigger, state);
  let after = Math.max(sweptToOf(state) - 1, definition.updatedAt);
  for (;;) {
    const fireTime = nextOrNone(trigger, after);
    if (fireTime === undefined || fireTime > last) return;
    after = fireTime;
    if (isLeftOut(state, fireTime)) {
      if (fireTime <= told) yield { fireTime, isPlans: false };
    } else if (fireTime > state.changedAt) {
      const { nextFireTime = Number.POSITIVE_INFINITY } = state.plan ?? {};
      yield { fireTime, isPlans: fireTime >= nextFireTime };
    }
  }
}

/**
 * Finds the first fire time after `to` that a sweep has to look for.
 *
 *    changed                    + catchUpWindow, an hour at the least
 *       │── where it is: starts from before may be under way ──│── the next fire time
 *
 * @returns {@link NOTHING_TO_COME} where there is none before the schedule is written again.
 */
export function nextToLookAt(
  { definition, state }: StoredSchedule,
  to: EpochSeconds,
): EpochSeconds {
  const sweptTo = sweptToOf(state);
  if (sweptTo <= state.changedAt && to < state.changedAt + lateSeconds(definition)) return sweptTo;
  const trigger = triggerOf(definition);
  if (trigger.kind === 'after') return sweptToOfDependent(sweptTo, to);
  const next = nextOrNone(trigger, to);
  if (next === undefined || next > endOf({ definition, state })) return NOTHING_TO_COME;
  const isUntold = isLeftOut(state, next) && next > toldOfPauses(trigger, state);
  if (!isUntold) return next;
  const resumesAt = pauseEnd(state, next);
  return (resumesAt !== undefined && nextOrNone(trigger, resumesAt - 1)) || NOTHING_TO_COME;
}

/** The first instant after what leaves a fire time out; `undefined` where that has no end yet. */
function pauseEnd(
  { paused, passedOver }: ScheduleState,
  fireTime: EpochSeconds,
): EpochSeconds | undefined {
  return paused && paused.since <= fireTime ? paused.until : (passedOver?.to ?? fireTime) + 1;
}

/** So much more than {@link DEPENDENT_SECONDS} is looked through before the place moves, so that it is written once a day. */
const SLACK_SECONDS = 86_400;

/** A dependent schedule has no fire times of its own to wait for: its last days are looked through with each sweep. */
function sweptToOfDependent(sweptTo: EpochSeconds, to: EpochSeconds): EpochSeconds {
  const floor = to - DEPENDENT_SECONDS;
  return sweptTo < floor - SLACK_SECONDS ? floor : sweptTo;
}

function lateSeconds({ policy }: StoredSchedule['definition']): number {
  return Math.max(policy.catchUpWindow ?? 0, DEFAULT_CATCH_UP_WINDOW_SECONDS);
}

/** The last fire time that a schedule can have had; its trigger may have more. */
function endOf({ definition: { policy }, state: { plan } }: StoredSchedule): EpochSeconds {
  const hasEnded =
    plan !== undefined &&
    plan.nextFireTime === undefined &&
    plan.started >= (policy.maxJobs ?? Number.POSITIVE_INFINITY);
  return hasEnded ? (plan.seenTo ?? Number.NEGATIVE_INFINITY) : Number.POSITIVE_INFINITY;
}

/** The last fire time that the latest pause tells of. */
function toldOfPauses(trigger: Trigger, { paused, passedOver }: ScheduleState): EpochSeconds {
  const since = paused?.since ?? passedOver?.from;
  if (since === undefined) return Number.POSITIVE_INFINITY;
  let at: EpochSeconds | undefined = since - 1;
  for (let told = 0; told < MOST_TOLD_OF_A_PAUSE && at !== undefined; told += 1)
    at = nextOrNone(trigger, at);
  return at ?? Number.POSITIVE_INFINITY;
}
