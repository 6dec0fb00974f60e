import { describe, expect, it } from 'vitest';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { planAfterWrite } from '#shared/domain/schedule/plan-after-write.ts';
import type { Plan } from '#shared/domain/schedule/schedule.ts';
import type { SchedulePolicy } from '#shared/domain/schedule/schedule-policy.ts';
import { aDefinition } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const NATIVE = { kind: 'interval', every: 900, startAt: toIso(FIRE_TIME) };
const PLANNED = { kind: 'interval', every: 420, startAt: toIso(FIRE_TIME) };

const planOf = (
  trigger: Readonly<Record<string, unknown>>,
  policy: Partial<SchedulePolicy> = {},
  kept?: Plan,
) =>
  planAfterWrite({
    definition: aDefinition({ trigger, policy: { resultExpirationTime: 0, ...policy } }),
    kept,
    now: FIRE_TIME + 60,
  });

describe('planAfterWrite', () => {
  it('plans nothing that EventBridge holds by itself', () => {
    expect(planOf(NATIVE)).toBeUndefined();
    expect(planOf(NATIVE, { coalesce: 'all', misfireGraceTime: 60 })).toBeUndefined();
  });

  it.each([
    ['EventBridge has no form for the trigger', PLANNED, {}],
    ['jobs are counted', NATIVE, { maxJobs: 1 }],
    ['not every late fire time is started', NATIVE, { coalesce: 'latest' as const }],
  ])('begins at the first fire time after now where %s', (_, trigger, policy) => {
    expect(planOf(trigger, policy)).toEqual({
      nextFireTime: FIRE_TIME + trigger.every,
      started: 0,
    });
  });

  it('leaves a kept plan as it is, though its fire time has passed', () => {
    const kept = { nextFireTime: FIRE_TIME - 420, started: 5, decidedAt: FIRE_TIME };

    expect(planOf(PLANNED, {}, kept)).toBe(kept);
  });

  it('drops the plan where the write makes the schedule native', () => {
    expect(planOf(NATIVE, {}, { nextFireTime: FIRE_TIME, started: 1 })).toBeUndefined();
  });

  it('ends where maxJobs is lowered to what is reached, and goes on where it is raised above', () => {
    expect(planOf(PLANNED, { maxJobs: 3 }, { nextFireTime: FIRE_TIME, started: 4 })).toEqual({
      started: 4,
    });
    expect(planOf(PLANNED, { maxJobs: 5 }, { started: 4 })).toEqual({
      nextFireTime: FIRE_TIME + 420,
      started: 4,
    });
  });

  it('stays as it ended where its jobs are used up still', () => {
    const ended = { seenTo: FIRE_TIME - 420, started: 4 };

    expect(planOf(PLANNED, { maxJobs: 4 }, ended)).toBe(ended);
  });

  it('is at its end where the trigger has no fire time left', () => {
    const ended = { ...PLANNED, endAt: toIso(FIRE_TIME + 60) };

    expect(planOf(ended, {}, { started: 2 })).toEqual({ started: 2 });
  });
});
