import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anchorFrom } from '#shared/domain/schedule/anchor-from.ts';
import { modeOf } from '#shared/domain/schedule/mode-of.ts';
import { aDefinition } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const POLICY = { resultExpirationTime: 0 };

describe('modeOf', () => {
  it('lets EventBridge hold what it has a form for', () => {
    const policy = { ...POLICY, coalesce: 'all', misfireGraceTime: 60 } as const;

    expect(modeOf(aDefinition({ policy }))).toMatchObject({
      kind: 'native',
      expression: 'cron(0 9 * * ? *)',
    });
  });

  it.each([
    ['its trigger has no form there', { trigger: { kind: 'interval', every: 90 } }, 'no UTC cron'],
    ['its jobs are counted', { policy: { ...POLICY, maxJobs: 3 } }, 'cannot count'],
    ['it folds', { policy: { ...POLICY, coalesce: 'earliest' as const } }, 'late for'],
  ])('plans a schedule where %s', (_, changes, why) => {
    expect(modeOf(aDefinition(changes))).toEqual({
      kind: 'planned',
      reason: expect.stringContaining(why),
    });
  });

  it('finds native an interval that divides the hour or the day at whatever second it is defined', () => {
    const anyEvery = fc.constantFrom('1m', '5m', '20m', '60m', '2h', '8h', '1d');
    const anyNow = fc.integer({ min: FIRE_TIME, max: FIRE_TIME + 200_000 });

    fc.assert(
      fc.property(anyEvery, anyNow, (every, now) => {
        const trigger = { kind: 'interval', every };
        const { kind } = modeOf(aDefinition({ trigger, anchorAt: anchorFrom(now) }));
        expect(kind).toBe('native');
      }),
    );
  });
});
