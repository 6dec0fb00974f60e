import { describe, expect, it } from 'vitest';
import { isLeftOut, keptPause, pauseAt } from '#shared/domain/schedule/pause.ts';
import { planUnderPause } from '#shared/domain/schedule/plan-under-pause.ts';
import { aDefinition } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const DAY = 86_400;
const paused = { by: 'ada', since: 100 };

describe('isLeftOut', () => {
  it.each([
    ['before a pause', { paused }, 99, false],
    ['at its beginning', { paused }, 100, true],
    ['years later, without an end', { paused }, 1_000_000_000, true],
    ['just before its end', { paused: { ...paused, until: 200 } }, 199, true],
    ['at its end', { paused: { ...paused, until: 200 } }, 200, false],
    ['at the first passed over', { passedOver: { from: 100, to: 200 } }, 100, true],
    ['at the last passed over', { passedOver: { from: 100, to: 200 } }, 200, true],
    ['after what was passed over', { passedOver: { from: 100, to: 200 } }, 201, false],
    ['of a schedule that was never paused', {}, 100, false],
  ])('decides about a fire time %s', (...[, state, fireTime, isOut]) => {
    expect(isLeftOut(state, fireTime)).toBe(isOut);
  });
});

describe('pauseAt', () => {
  it('finds no pause from its end on, though the state still has it', () => {
    const state = { paused: { ...paused, until: 200 } };

    expect(pauseAt(state, 199)).toEqual(state.paused);
    expect(pauseAt(state, 200)).toBeUndefined();
  });
});

describe('keptPause', () => {
  it('keeps a pause in effect, and what the one before passed over', () => {
    const state = { paused, passedOver: { from: 1, to: 2 } };

    expect(keptPause(state, 150)).toEqual(state);
  });

  it('remembers of a pause that has ended only what it passed over', () => {
    const state = { paused: { ...paused, until: 200 }, passedOver: { from: 1, to: 2 } };

    expect(keptPause(state, 200)).toEqual({ passedOver: { from: 100, to: 199 } });
  });
});

describe('planUnderPause', () => {
  const definition = aDefinition();
  const plan = { nextFireTime: FIRE_TIME, started: 3 };

  it('waits for no fire time under a pause without an end', () => {
    expect(planUnderPause(definition, plan, {})).toEqual({ started: 3 });
  });

  it('waits for the first fire time from the end of the pause on, itself included', () => {
    expect(planUnderPause(definition, plan, { until: FIRE_TIME })).toEqual(plan);
    expect(planUnderPause(definition, plan, { until: FIRE_TIME + DAY })).toEqual({
      nextFireTime: FIRE_TIME + DAY,
      started: 3,
    });
    expect(planUnderPause(definition, plan, { until: FIRE_TIME + 1 })).toEqual({
      nextFireTime: FIRE_TIME + DAY,
      started: 3,
    });
  });

  it('waits for none where the trigger finds none within its bound of iterations', () => {
    const of = [1, 2].map((minute) => ({ kind: 'cron', expression: `${minute} * * * *` }));
    const never = aDefinition({ trigger: { kind: 'all', of, maxIterations: 5 } });

    expect(planUnderPause(never, plan, { until: FIRE_TIME + 1 })).toEqual({ started: 3 });
  });

  it('leaves the plan of a schedule that is not paused', () => {
    expect(planUnderPause(definition, plan, undefined)).toBe(plan);
  });
});
