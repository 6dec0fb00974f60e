import { describe, expect, it } from 'vitest';
import { jitterSeconds } from '#shared/domain/job/jitter.ts';
import { decideGap } from '#shared/domain/schedule/decide-gap.ts';
import type { ScheduleDefinition, ScheduleState } from '#shared/domain/schedule/schedule.ts';
import { aSchedule } from '#test/support/a-schedule.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';

function gap(
  secondsLater: number,
  state: Partial<ScheduleState> = {},
  definition: Partial<ScheduleDefinition> = {},
) {
  const view = { now: FIRE_TIME + secondsLater, isAdopted: (task: string) => task === 'greeting' };
  return decideGap(aSchedule(definition, state), FIRE_TIME, view);
}

describe('decideGap', () => {
  it('starts what is five minutes late, and still may begin', () => {
    expect(gap(299)).toEqual({ kind: 'wait' });
    expect(gap(300)).toEqual({ kind: 'start', start: aStart() });
    expect(gap(3_600)).toMatchObject({ kind: 'start' });
    expect(gap(3_601)).toEqual({ kind: 'wait' });
  });

  it('settles what may not begin any more as missed, five minutes after that', () => {
    expect(gap(3_900)).toEqual({ kind: 'wait' });
    expect(gap(3_901)).toMatchObject({
      kind: 'settle',
      end: { outcome: 'missed', error: { name: 'StartLost' } },
    });
  });

  it('writes nothing once its row may have come and gone', () => {
    const short = { policy: { resultExpirationTime: 60, recordExpirationTime: 60 } };

    expect(gap(3_600 + 960 - 61, {}, short)).toMatchObject({ kind: 'settle' });
    expect(gap(3_600 + 960 - 60, {}, short)).toEqual({ kind: 'rest' });
    // Of these, whatever their outcome, a record would surely be there for a day.
    const usual = { policy: { resultExpirationTime: 0 } };
    expect(gap(86_400 - 61, {}, usual)).toMatchObject({ kind: 'settle' });
    expect(gap(86_400 - 60, {}, usual)).toEqual({ kind: 'rest' });
  });

  it('says that EventBridge refuses the schedule, and why', () => {
    const error = { code: 'ServiceQuotaExceededException', message: 'Too many.', attempts: 3 };
    const sync = { state: 'failed', generation: 1, at: FIRE_TIME - 60, error } as const;

    expect(gap(3_901, { sync })).toMatchObject({
      end: {
        outcome: 'missed',
        error: {
          name: 'ScheduleRefused',
          message:
            'EventBridge had refused the schedule, and nobody started the job. ServiceQuotaExceededException: Too many.',
        },
      },
    });
  });

  it('says that EventBridge followed only later, unless it is told of each fire time by itself', () => {
    const nameOf = (state: Partial<ScheduleState>) => {
      const decided = gap(3_901, state);
      return decided.kind === 'settle' ? decided.end.error.name : decided.kind;
    };
    const sync = { state: 'active', generation: 1, at: FIRE_TIME + 1_000 } as const;

    expect(nameOf({ sync })).toBe('ScheduleNotFollowed');
    expect(nameOf({ sync: { ...sync, state: 'pending', at: FIRE_TIME - 60 } })).toBe(
      'ScheduleNotFollowed',
    );
    expect(nameOf({ sync, plan: { nextFireTime: FIRE_TIME + 60, started: 1 } })).toBe('StartLost');
  });

  it('starts what EventBridge refuses to start', () => {
    const error = { code: 'ServiceQuotaExceededException', message: 'Too many.', attempts: 3 };
    const sync = { state: 'failed', generation: 1, at: FIRE_TIME - 60, error } as const;

    expect(gap(300, { sync })).toMatchObject({ kind: 'start' });
  });

  it('never starts what a pause leaves out, and settles it as skipped once nobody may catch up with it', () => {
    const paused = { by: 'someone', since: FIRE_TIME - 60 };

    expect(gap(3_900, { paused })).toEqual({ kind: 'wait' });
    expect(gap(3_901, { paused })).toMatchObject({
      kind: 'settle',
      end: { outcome: 'skipped', error: { name: 'SchedulePaused' } },
    });
    expect(gap(3_901, { passedOver: { from: FIRE_TIME, to: FIRE_TIME } })).toMatchObject({
      end: { outcome: 'skipped' },
    });
  });

  it('gives a jittered job until five minutes after its own instant', () => {
    const policy = { resultExpirationTime: 3_600, maxJitter: 1_800 };
    const dueAt = FIRE_TIME + jitterSeconds(aStart({ policy }));

    expect(dueAt).toBeGreaterThan(FIRE_TIME + 60);
    expect(gap(dueAt + 299 - FIRE_TIME, {}, { policy })).toEqual({ kind: 'wait' });
    expect(gap(dueAt + 300 - FIRE_TIME, {}, { policy })).toMatchObject({ kind: 'start' });
  });

  it('never starts an adopted task, and waits until the last run that could end has ended', () => {
    const greeting = { task: 'greeting', policy: { resultExpirationTime: 0 } };

    expect(gap(3_000, {}, greeting)).toEqual({ kind: 'wait' });
    expect(gap(3_600 + 4_560 + 300, {}, greeting)).toEqual({ kind: 'wait' });
    expect(gap(3_600 + 4_560 + 301, {}, greeting)).toMatchObject({
      kind: 'settle',
      end: { outcome: 'missed' },
    });
  });
});
