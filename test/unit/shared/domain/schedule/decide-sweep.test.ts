import { describe, expect, it } from 'vitest';
import { decideSweep } from '#shared/domain/schedule/decide-sweep.ts';
import type { ScheduleState } from '#shared/domain/schedule/schedule.ts';
import { advanceAgainAt } from '#shared/domain/schedule/stands-still.ts';
import { aState } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const sweepOf = (changes: Partial<ScheduleState>, secondsLater: number) =>
  decideSweep(
    aState({ generation: 4, sweptTo: FIRE_TIME + 200_000, ...changes }),
    FIRE_TIME + secondsLater,
  );

describe('decideSweep', () => {
  it('leaves alone what moves: a schedule that EventBridge holds, and a plan whose fire time is to come or has ended', () => {
    expect(sweepOf({}, 1_000)).toEqual([]);
    expect(sweepOf({ plan: { nextFireTime: FIRE_TIME, started: 0 } }, 300)).toEqual([]);
    expect(sweepOf({ plan: { started: 3 } }, 1_000)).toEqual([]);
  });

  it('tells of a fire time that passed more than five minutes ago', () => {
    expect(sweepOf({ plan: { nextFireTime: FIRE_TIME, started: 0 } }, 301)).toEqual([
      {
        kind: 'advance',
        advance: {
          kind: 'advance',
          scheduleId: 'daily-sales',
          fireTime: '2026-11-23T09:00:00Z',
        },
      },
    ]);
  });

  it('wakes what has been pending for more than five minutes, tombstones included', () => {
    const sync = { state: 'pending', generation: 4, at: FIRE_TIME } as const;

    expect(sweepOf({ sync }, 300)).toEqual([]);
    expect(sweepOf({ sync }, 301)).toEqual([{ kind: 'wake', generation: 4 }]);
    expect(sweepOf({ sync, deletedAt: FIRE_TIME }, 301)).toEqual([{ kind: 'wake', generation: 4 }]);
  });

  it('wakes what EventBridge refused where its retry has not come, but not what is given up', () => {
    const error = { code: 'X', message: 'No.', attempts: 1 };
    const failed = { state: 'failed', generation: 4, at: FIRE_TIME } as const;

    expect(sweepOf({ sync: { ...failed, error: { ...error, retryAt: FIRE_TIME } } }, 301)).toEqual([
      { kind: 'wake', generation: 4 },
    ]);
    expect(sweepOf({ sync: { ...failed, error } }, 100_000)).toEqual([]);
  });

  it('looks at jobs once a fire time is five minutes past, of a tombstone too', () => {
    expect(sweepOf({ sweptTo: FIRE_TIME }, 299)).toEqual([]);
    expect(sweepOf({ sweptTo: FIRE_TIME }, 300)).toEqual([{ kind: 'look' }]);
    expect(sweepOf({ sweptTo: FIRE_TIME, deletedAt: FIRE_TIME }, 300)).toEqual([{ kind: 'look' }]);
  });

  it('looks at a schedule that nobody has swept yet from when its trigger began to hold', () => {
    const { sweptTo: _, ...state } = aState({ changedAt: FIRE_TIME });

    expect(decideSweep(state, FIRE_TIME + 299)).toEqual([]);
    expect(decideSweep(state, FIRE_TIME + 300)).toEqual([{ kind: 'look' }]);
  });
});

describe('advanceAgainAt', () => {
  it('waits longer each time, and leaves what still fails to the sweep', () => {
    const waits: number[] = [];
    for (let now = FIRE_TIME; ; ) {
      const at = advanceAgainAt(FIRE_TIME, now);
      if (at === undefined) break;
      waits.push(at - now);
      now = at;
    }

    expect(waits).toEqual([15, 15, 15, 23, 34, 51, 77, 115, 173]);
    expect(advanceAgainAt(FIRE_TIME, FIRE_TIME + 86_400)).toBeUndefined();
  });
});
