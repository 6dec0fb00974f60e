import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { decideAdmission, oldestBeyondDoubt } from '#shared/domain/job/decide-admission.ts';
import type { JobError } from '#shared/domain/job/job.ts';
import { jobId, jobKeyOf } from '#shared/domain/job/job-key.ts';
import { startOf } from '#shared/domain/schedule/due-starts.ts';
import type { Plan, ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import { triggerOf } from '#shared/domain/schedule/trigger-of.ts';
import { MaxIterationsReached } from '#shared/domain/triggers/combined-rule.ts';
import { nextFireTime } from '#shared/domain/triggers/next-fire-time.ts';
import type { Trigger } from '#shared/domain/triggers/trigger.ts';

/** What becomes of a planned schedule now that a fire time is said to have come. */
export type AdvanceDecision =
  /** The plan is not at this fire time: it was seen to before, or the schedule was changed since. */
  | { readonly kind: 'moved-on' }
  | {
      readonly kind: 'advance';
      /** In order. */
      readonly starts: readonly EpochSeconds[];
      readonly unrun: readonly UnrunFiring[];
      /** Where the plan stands once all of that is done. */
      readonly plan: Plan;
    };

/** A fire time that is settled without a start. */
export interface UnrunFiring {
  readonly fireTime: EpochSeconds;
  readonly outcome: 'skipped' | 'missed';
  readonly error: JobError;
}

/** A planned schedule as it was read, the fire time that is said to have come, and when. */
export interface AdvanceQuestion {
  readonly definition: ScheduleDefinition;
  readonly plan: Plan;
  readonly fireTime: EpochSeconds;
  readonly now: EpochSeconds;
}

/** So many fire times are started at one go; the plan is moved only so far, and is due again at once. */
export const MOST_STARTS = 100;

/** So many fire times are folded into one: a day's at one a minute, and then some. */
const MOST_FOLDED = 2_000;

/**
 * Decides which fire times of a planned schedule are started, which are settled unrun, and where its plan goes.
 *
 *    plan.nextFireTime                                     now
 *        |── dropped: too old for a row ──|── missed ──|── may start ──|── the plan's next
 *
 * `coalesce` picks among those that may start. With `maxJobs` the schedule ends with its last job: later fire times are none of it.
 * The decision is a function of its arguments alone, and of `plan.decidedAt` in place of now where that is set.
 */
export function decideAdvance(question: AdvanceQuestion): AdvanceDecision {
  const { definition, plan, fireTime } = question;
  if (plan.nextFireTime !== fireTime) return { kind: 'moved-on' };
  // Whoever says that it has come may have a clock that is a little ahead of ours.
  const at = Math.max(plan.decidedAt ?? question.now, fireTime);
  const { policy } = definition;
  const trigger = triggerOf(definition);
  const isFolding = policy.coalesce !== undefined && policy.coalesce !== 'all';
  const due = dueTimes(trigger, {
    first: fireTime,
    from: oldestBeyondDoubt(policy, at),
    to: at,
    limit: isFolding ? MOST_FOLDED : MOST_STARTS,
  });
  const { startable, missed } = admit(definition, due, at);
  const picked = pick(startable, policy.coalesce);
  const left = Math.max((policy.maxJobs ?? Number.POSITIVE_INFINITY) - plan.started, 0);
  const starts = picked.slice(0, left);
  const last = starts.length === left ? (starts.at(-1) ?? Number.NEGATIVE_INFINITY) : undefined;
  const unrun = [...missed, ...fold(definition, startable, picked)].filter(
    (firing) => last === undefined || firing.fireTime <= last,
  );
  const next = last === undefined ? nextOf(trigger, due.at(-1) ?? at) : undefined;
  return {
    kind: 'advance',
    starts,
    unrun,
    plan: {
      ...(next === undefined ? { seenTo: seenTo(last, due, fireTime) } : { nextFireTime: next }),
      started: plan.started + starts.length,
    },
  };
}

/** Where a plan ends: with its last job, or with its trigger. */
function seenTo(
  last: EpochSeconds | undefined,
  due: readonly EpochSeconds[],
  fireTime: EpochSeconds,
): EpochSeconds {
  const end = last ?? due.at(-1) ?? fireTime;
  return Number.isFinite(end) ? end : fireTime - 1;
}

/** Lists the fire times from `from` to `to`; the first is the plan's word, whatever the trigger says of it by now. */
function dueTimes(
  trigger: Trigger,
  range: {
    readonly first: EpochSeconds;
    readonly from: EpochSeconds;
    readonly to: EpochSeconds;
    readonly limit: number;
  },
): readonly EpochSeconds[] {
  const { first, from, to, limit } = range;
  const due: EpochSeconds[] = [];
  let at: EpochSeconds | undefined = first >= from ? first : nextOf(trigger, from - 1);
  while (at !== undefined && at <= to && due.length < limit) {
    due.push(at);
    at = nextOf(trigger, at);
  }
  return due;
}

/** A combination that finds no further fire time within its bound has none: its schedule ends, and does not stand still for ever. */
function nextOf(trigger: Trigger, after: EpochSeconds): EpochSeconds | undefined {
  try {
    return nextFireTime(trigger, after);
  } catch (error) {
    if (error instanceof MaxIterationsReached) return undefined;
    throw error;
  }
}

function admit(
  definition: ScheduleDefinition,
  due: readonly EpochSeconds[],
  at: EpochSeconds,
): { readonly startable: readonly EpochSeconds[]; readonly missed: readonly UnrunFiring[] } {
  const startable: EpochSeconds[] = [];
  const missed: UnrunFiring[] = [];
  for (const fireTime of due) {
    const admission = decideAdmission(startOf(definition, toIso(fireTime)), at);
    if (admission.kind === 'missed')
      missed.push({ fireTime, outcome: 'missed', error: admission.error });
    else if (admission.kind !== 'dropped') startable.push(fireTime);
  }
  return { startable, missed };
}

function pick(
  startable: readonly EpochSeconds[],
  coalesce: ScheduleDefinition['policy']['coalesce'],
): readonly EpochSeconds[] {
  switch (coalesce) {
    case 'latest':
      return startable.slice(-1);
    case 'earliest':
      return startable.slice(0, 1);
    default:
      return startable;
  }
}

function fold(
  { scheduleId, policy }: ScheduleDefinition,
  startable: readonly EpochSeconds[],
  picked: readonly EpochSeconds[],
): readonly UnrunFiring[] {
  const [into] = picked;
  if (into === undefined || picked.length === startable.length) return [];
  const error: JobError = {
    name: 'Coalesced',
    message: `Folded into ${jobId(jobKeyOf(scheduleId, into))}, as the schedule's coalesce is ${policy.coalesce}.`,
  };
  return startable
    .filter((fireTime) => fireTime !== into)
    .map((fireTime) => ({ fireTime, outcome: 'skipped', error }));
}
