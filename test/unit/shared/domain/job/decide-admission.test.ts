import { describe, expect, it } from 'vitest';
import {
  decideAdmission,
  isBeyondDoubt,
  oldestBeyondDoubt,
} from '#shared/domain/job/decide-admission.ts';
import { decideSkip } from '#shared/domain/job/decide-skip.ts';
import type { Start } from '#shared/domain/job/start.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';

const HOUR = 3_600;
const MANUAL = '2026-11-23T09:00:00Z~01KAQ0000000000000000000AB';

describe('decideAdmission', () => {
  it.each([
    [0, 'begin'],
    [89, 'begin'],
    [90, 'begin-if-wanted'],
    [HOUR, 'begin-if-wanted'],
    [HOUR + 1, 'missed'],
    [HOUR + 899, 'missed'],
    [HOUR + 900, 'dropped'],
    [10 * HOUR, 'dropped'],
  ])('%i seconds after the fire time: %s', (lateSeconds, kind) => {
    expect(decideAdmission(aStart(), FIRE_TIME + lateSeconds)).toMatchObject({ kind });
  });

  it('says how late a missed start came, and how late it might have come', () => {
    expect(decideAdmission(aStart(), FIRE_TIME + HOUR + 1)).toEqual({
      kind: 'missed',
      error: {
        name: 'Missed',
        message: 'The start came 3601 s after the fire time, and the job may be begun for 3600 s.',
      },
    });
  });

  it('asks about the schedule only for a regular first attempt', () => {
    expect(decideAdmission(aStart({ attempt: 2 }), FIRE_TIME + 100)).toEqual({ kind: 'begin' });
    expect(decideAdmission(aStart({ fireTime: MANUAL }), FIRE_TIME + 100)).toEqual({
      kind: 'begin',
    });
  });

  it('goes by the instant that the start carries where it has one', () => {
    const start = aStart({ deliverBy: '2026-11-23T09:00:30Z' });

    expect(decideAdmission(start, FIRE_TIME + 30)).toEqual({ kind: 'begin' });
    expect(decideAdmission(start, FIRE_TIME + 31)).toMatchObject({ kind: 'missed' });
  });

  it('misses a regular first attempt that comes later than its misfire grace time', () => {
    const policy = { resultExpirationTime: 0, misfireGraceTime: 120 };
    const at = (changes: Partial<Start>, lateSeconds: number) =>
      decideAdmission(aStart({ policy, ...changes }), FIRE_TIME + lateSeconds).kind;

    expect(at({}, 120)).toBe('begin-if-wanted');
    expect(at({}, 121)).toBe('missed');
    expect(at({}, HOUR + 900)).toBe('dropped');
    expect(at({ attempt: 2 }, 121)).toBe('begin');
    expect(at({ fireTime: MANUAL }, 121)).toBe('begin');
  });
});

describe('oldestBeyondDoubt', () => {
  it('is the oldest fire time whose row would surely still be there', () => {
    const { policy } = aStart();
    const now = FIRE_TIME + 899 + HOUR;

    expect(oldestBeyondDoubt(policy, now)).toBe(FIRE_TIME);
    expect(isBeyondDoubt(aStart(), now)).toBe(true);
    expect(isBeyondDoubt(aStart(), now + 1)).toBe(false);
  });
});

const paused = (pause: { since: number; until?: number }) =>
  ({ kind: 'paused', paused: pause }) as const;

describe('decideSkip', () => {
  it.each([
    ['active', { kind: 'active' } as const, undefined],
    ['deleted at the fire time', { kind: 'deleted', at: FIRE_TIME } as const, 'ScheduleDeleted'],
    ['deleted after it', { kind: 'deleted', at: FIRE_TIME + 1 } as const, undefined],
    ['deleted long ago', { kind: 'absent' } as const, 'ScheduleDeleted'],
    ['paused at the fire time', paused({ since: FIRE_TIME }), 'SchedulePaused'],
    ['paused after it', paused({ since: FIRE_TIME + 1 }), undefined],
    ['paused until just after it', paused({ since: 1, until: FIRE_TIME + 1 }), 'SchedulePaused'],
    ['paused until it', paused({ since: 1, until: FIRE_TIME }), undefined],
    [
      'resumed, without catching up on it',
      { kind: 'paused', passedOver: { from: 1, to: FIRE_TIME } } as const,
      'SchedulePaused',
    ],
    [
      'deleted after it, while paused',
      { ...paused({ since: FIRE_TIME }), kind: 'deleted', at: FIRE_TIME + 1 } as const,
      'SchedulePaused',
    ],
  ])('of a schedule that is %s', (_, status, name) => {
    expect(decideSkip(status, FIRE_TIME)?.name).toBe(name);
  });
});
