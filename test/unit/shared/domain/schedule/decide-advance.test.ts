import { describe, expect, it } from 'vitest';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import {
  type AdvanceDecision,
  decideAdvance,
  MOST_STARTS,
} from '#shared/domain/schedule/decide-advance.ts';
import type { Plan } from '#shared/domain/schedule/schedule.ts';
import type { SchedulePolicy } from '#shared/domain/schedule/schedule-policy.ts';
import { aDefinition } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const MINUTE = 60;
const HOUR = 3_600;

/** Asks about a schedule that fires every so many minutes, its plan at {@link FIRE_TIME}, so many minutes later. */
function decide(options: {
  readonly everyMinutes: number;
  readonly lateMinutes: number;
  readonly policy?: Partial<SchedulePolicy>;
  readonly plan?: Partial<Plan>;
  readonly endAt?: number;
}): AdvanceDecision {
  const { everyMinutes, lateMinutes, policy, plan, endAt } = options;
  const definition = aDefinition({
    trigger: {
      kind: 'interval',
      every: everyMinutes * MINUTE,
      startAt: toIso(FIRE_TIME - HOUR),
      ...(endAt !== undefined && { endAt: toIso(endAt) }),
    },
    policy: { resultExpirationTime: 0, ...policy },
  });
  return decideAdvance({
    definition,
    plan: { nextFireTime: FIRE_TIME, started: 0, ...plan },
    fireTime: FIRE_TIME,
    now: FIRE_TIME + lateMinutes * MINUTE,
  });
}

/** Writes a decision in minutes after {@link FIRE_TIME}. */
function inMinutes(decision: AdvanceDecision) {
  if (decision.kind === 'moved-on') return decision;
  const { starts, unrun, plan } = decision;
  const minutes = (instant: number) => (instant - FIRE_TIME) / MINUTE;
  return {
    starts: starts.map(minutes),
    unrun: unrun.map(({ fireTime, outcome }) => `${minutes(fireTime)} ${outcome}`),
    next: plan.nextFireTime === undefined ? undefined : minutes(plan.nextFireTime),
    started: plan.started,
  };
}

describe('decideAdvance', () => {
  it('starts the one fire time that has come, and goes on to the next', () => {
    expect(inMinutes(decide({ everyMinutes: 7, lateMinutes: 0 }))).toEqual({
      starts: [0],
      unrun: [],
      next: 3,
      started: 1,
    });
  });

  it('has nothing to do where the plan is at another fire time, or at its end', () => {
    const moved = { nextFireTime: FIRE_TIME + 7 * MINUTE };

    expect(decide({ everyMinutes: 7, lateMinutes: 0, plan: moved })).toEqual({ kind: 'moved-on' });
    expect(
      decideAdvance({
        definition: aDefinition(),
        plan: { started: 3 },
        fireTime: FIRE_TIME,
        now: FIRE_TIME,
      }),
    ).toEqual({ kind: 'moved-on' });
  });

  it('takes the word of a clock that is ahead of its own', () => {
    expect(inMinutes(decide({ everyMinutes: 10, lateMinutes: -1 }))).toMatchObject({
      starts: [0],
      next: 10,
    });
  });

  it('starts all that passed while late, where nothing is folded', () => {
    expect(inMinutes(decide({ everyMinutes: 10, lateMinutes: 35 }))).toEqual({
      starts: [0, 10, 20, 30],
      unrun: [],
      next: 40,
      started: 4,
    });
  });

  it('starts the latest, and folds the others into it', () => {
    const decision = decide({
      everyMinutes: 10,
      lateMinutes: 35,
      policy: { coalesce: 'latest' },
    });

    expect(inMinutes(decision)).toEqual({
      starts: [30],
      unrun: ['0 skipped', '10 skipped', '20 skipped'],
      next: 40,
      started: 1,
    });
    expect(decision).toMatchObject({
      unrun: [
        {
          error: {
            name: 'Coalesced',
            message:
              "Folded into daily-sales@20261123T093000Z, as the schedule's coalesce is latest.",
          },
        },
        {},
        {},
      ],
    });
  });

  it('starts the earliest that may still begin, and folds the others into it', () => {
    const policy = { coalesce: 'earliest', misfireGraceTime: 20 * MINUTE } as const;

    expect(inMinutes(decide({ everyMinutes: 10, lateMinutes: 35, policy }))).toEqual({
      starts: [20],
      unrun: ['0 missed', '10 missed', '30 skipped'],
      next: 40,
      started: 1,
    });
  });

  it('settles as missed what is too late to begin, and drops what is too old for a row', () => {
    // 1 h of window, then 15 min in which a row would surely still be there.
    const { starts, unrun, next } = Object(
      inMinutes(decide({ everyMinutes: 10, lateMinutes: 95 })),
    );

    expect(starts).toEqual([40, 50, 60, 70, 80, 90]);
    expect(unrun).toEqual(['30 missed']);
    expect(next).toBe(100);
  });

  it('goes straight to the next fire time where all that passed is too old', () => {
    expect(inMinutes(decide({ everyMinutes: 60 * 24, lateMinutes: 60 * 24 * 400 + 120 }))).toEqual({
      starts: [],
      unrun: [],
      next: 60 * 24 * 401 - 60,
      started: 0,
    });
  });

  it('ends exactly with the last of its jobs: later fire times are none of it', () => {
    const policy = { maxJobs: 5 };

    expect(
      inMinutes(decide({ everyMinutes: 10, lateMinutes: 35, policy, plan: { started: 3 } })),
    ).toEqual({ starts: [0, 10], unrun: [], next: undefined, started: 5 });
  });

  it('does not count what is missed as a job', () => {
    const policy = { maxJobs: 2, misfireGraceTime: 10 * MINUTE };

    expect(inMinutes(decide({ everyMinutes: 10, lateMinutes: 25, policy }))).toEqual({
      starts: [20],
      unrun: ['0 missed', '10 missed'],
      next: 30,
      started: 1,
    });
  });

  it('starts nothing where its jobs are used up', () => {
    const policy = { maxJobs: 3 };

    expect(
      inMinutes(decide({ everyMinutes: 10, lateMinutes: 35, policy, plan: { started: 3 } })),
    ).toEqual({ starts: [], unrun: [], next: undefined, started: 3 });
  });

  it('ends where the trigger has no further fire time', () => {
    expect(
      inMinutes(decide({ everyMinutes: 10, lateMinutes: 35, endAt: FIRE_TIME + 15 * MINUTE })),
    ).toEqual({ starts: [0, 10], unrun: [], next: undefined, started: 2 });
  });

  it('notes at its end up to where it has seen to all, as the trigger may go on past that', () => {
    const seenTo = (decision: ReturnType<typeof decide>) =>
      decision.kind === 'advance' ? decision.plan.seenTo : undefined;
    const counted = { everyMinutes: 10, lateMinutes: 35, policy: { maxJobs: 3 } };

    expect(seenTo(decide(counted))).toBe(FIRE_TIME + 20 * MINUTE);
    expect(seenTo(decide({ ...counted, plan: { started: 3 } }))).toBe(FIRE_TIME - 1);
    expect(
      seenTo(decide({ everyMinutes: 10, lateMinutes: 35, endAt: FIRE_TIME + 15 * MINUTE })),
    ).toBe(FIRE_TIME + 10 * MINUTE);
    expect(seenTo(decide({ everyMinutes: 10, lateMinutes: 35 }))).toBeUndefined();
  });

  it('ends where a combination does not agree within its bound, and throws nothing', () => {
    const half = (offset: number) => ({
      kind: 'interval',
      every: 60,
      startAt: toIso(FIRE_TIME + offset),
    });
    const definition = aDefinition({
      trigger: { kind: 'all', of: [half(0), half(30)], maxIterations: 10 },
    });
    const plan = { nextFireTime: FIRE_TIME, started: 0 };

    expect(decideAdvance({ definition, plan, fireTime: FIRE_TIME, now: FIRE_TIME })).toMatchObject({
      starts: [FIRE_TIME],
      plan: { started: 1 },
    });
  });

  it('starts so many at one go, and leaves the plan at the next of those that have passed', () => {
    const policy = { catchUpWindow: 86_400 };

    const decision = decide({ everyMinutes: 1, lateMinutes: 60 * 12, policy });
    expect(inMinutes(decision)).toMatchObject({ next: MOST_STARTS, started: MOST_STARTS });
  });

  it('folds a whole day at one a minute into one job', () => {
    const policy = { catchUpWindow: 86_400, coalesce: 'latest' } as const;

    const decision = decide({ everyMinutes: 1, lateMinutes: 24 * 60, policy });
    expect(inMinutes(decision)).toMatchObject({ starts: [1_440], next: 1_441, started: 1 });
    expect(decision).toMatchObject({ unrun: { length: 1_440 } });
  });

  it('decides by the instant that was noted, however much later it is carried out', () => {
    const policy = { coalesce: 'latest' } as const;
    const plan = { decidedAt: FIRE_TIME + 15 * MINUTE };

    expect(inMinutes(decide({ everyMinutes: 10, lateMinutes: 300, policy, plan }))).toEqual({
      starts: [10],
      unrun: ['0 skipped'],
      next: 20,
      started: 1,
    });
  });

  it('believes the plan where the trigger does not know its fire time any more', () => {
    expect(
      inMinutes(decide({ everyMinutes: 7, lateMinutes: 0, plan: { nextFireTime: FIRE_TIME } })),
    ).toMatchObject({ starts: [0], next: 3 });
  });
});
