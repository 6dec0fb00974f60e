import { describe, expect, it } from 'vitest';
import { lastStarts, nearStarts, startOf } from '#shared/domain/schedule/due-starts.ts';
import { aDefinition, aSchedule } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const everyMinute = { trigger: { kind: 'cron', expression: 'cron(* * * * ? *)', timeZone: 'UTC' } };
const minutesOf = (starts: ReturnType<typeof lastStarts>) =>
  starts.map(({ notBefore }) => (notBefore - 90 - FIRE_TIME) / 60);

describe('startOf', () => {
  it('leaves empty metadata out', () => {
    expect(startOf(aDefinition(), '2026-11-23T09:00:00Z')).not.toHaveProperty('metadata');
  });
});

describe('lastStarts', () => {
  it('are those of the last 90 seconds, now included, each 90 seconds after its fire time', () => {
    const starts = lastStarts(aSchedule(everyMinute), FIRE_TIME);

    expect(starts).toMatchObject([
      { notBefore: FIRE_TIME + 30, start: { fireTime: '2026-11-23T08:59:00Z', revision: 1 } },
      { notBefore: FIRE_TIME + 90, start: { fireTime: '2026-11-23T09:00:00Z', revision: 1 } },
    ]);
  });

  it('are none from before the trigger began to hold, nor at that second', () => {
    const schedule = aSchedule(everyMinute, { changedAt: FIRE_TIME - 60 });

    expect(minutesOf(lastStarts(schedule, FIRE_TIME))).toEqual([0]);
  });

  it.each(['pending', 'failed'] as const)(
    'are all since the trigger began to hold while EventBridge is %s',
    (state) => {
      const sync = { state, generation: 1, at: FIRE_TIME - 300 };
      const schedule = aSchedule(everyMinute, { changedAt: FIRE_TIME - 300, sync });

      expect(minutesOf(lastStarts(schedule, FIRE_TIME))).toEqual([-4, -3, -2, -1, 0]);
    },
  );

  it('go back no further than a start may be late', () => {
    const policy = { resultExpirationTime: 0, catchUpWindow: 120 };
    const sync = { state: 'failed' as const, generation: 1, at: FIRE_TIME };
    const schedule = aSchedule({ ...everyMinute, policy }, { sync });

    expect(minutesOf(lastStarts(schedule, FIRE_TIME))).toEqual([-1, 0]);
  });
});

describe('nearStarts', () => {
  it('are those between the change and 90 seconds after EventBridge followed', () => {
    const schedule = aSchedule(everyMinute, { changedAt: FIRE_TIME });

    expect(minutesOf(nearStarts(schedule, FIRE_TIME + 40))).toEqual([1, 2]);
  });

  it('start `once` that passed before EventBridge could follow', () => {
    const trigger = { kind: 'once', at: '2026-11-23T09:00:10Z' };
    const schedule = aSchedule({ trigger }, { changedAt: FIRE_TIME });

    expect(nearStarts(schedule, FIRE_TIME + 600)).toMatchObject([
      { start: { fireTime: '2026-11-23T09:00:10Z' }, notBefore: FIRE_TIME + 100 },
    ]);
  });

  it('are none for what has been lost by a window', () => {
    const trigger = { kind: 'once', at: '2026-11-23T09:00:10Z' };
    const schedule = aSchedule({ trigger }, { changedAt: FIRE_TIME });

    expect(nearStarts(schedule, FIRE_TIME + 3_611)).toEqual([]);
  });
});
