import { describe, expect, it } from 'vitest';
import { decideAdmission } from '#shared/domain/job/decide-admission.ts';
import { decideSkip } from '#shared/domain/job/decide-skip.ts';
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
    expect(decideAdmission(aStart(), FIRE_TIME + lateSeconds)).toEqual({ kind });
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
    expect(decideAdmission(start, FIRE_TIME + 31)).toEqual({ kind: 'missed' });
  });
});

describe('decideSkip', () => {
  it.each([
    ['active', { kind: 'active' } as const, undefined],
    ['deleted at the fire time', { kind: 'deleted', at: FIRE_TIME } as const, 'ScheduleDeleted'],
    ['deleted after it', { kind: 'deleted', at: FIRE_TIME + 1 } as const, undefined],
    ['deleted long ago', { kind: 'absent' } as const, 'ScheduleDeleted'],
    ['paused at the fire time', { kind: 'paused', since: FIRE_TIME } as const, 'SchedulePaused'],
    ['paused after it', { kind: 'paused', since: FIRE_TIME + 1 } as const, undefined],
  ])('of a schedule that is %s', (_, status, name) => {
    expect(decideSkip(status, FIRE_TIME)?.name).toBe(name);
  });
});
