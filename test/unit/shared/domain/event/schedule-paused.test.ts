import { describe, expect, it } from 'vitest';
import { schedulePaused } from '#shared/domain/event/schedule-paused.ts';
import { aState } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const pause = { by: 'arn:aws:iam::1:user/ada', since: FIRE_TIME };
const paused = aState({ generation: 7, paused: pause });

describe('schedulePaused', () => {
  it('tells who paused a schedule, why and until when', () => {
    const after = aState({
      generation: 7,
      paused: { ...pause, note: 'audit', until: FIRE_TIME + 3_600 },
    });

    expect(schedulePaused(aState({ generation: 6 }), after)).toEqual({
      type: 'schedule.paused',
      id: 'daily-sales/paused-20261123T090000Z-7',
      subject: 'daily-sales',
      time: '2026-11-23T09:00:00Z',
      data: {
        scheduleId: 'daily-sales',
        revision: 1,
        by: 'arn:aws:iam::1:user/ada',
        note: 'audit',
        since: '2026-11-23T09:00:00Z',
        until: '2026-11-23T10:00:00Z',
      },
    });
  });

  it('tells a pause that follows one which had ended by itself', () => {
    const before = aState({ paused: { ...pause, since: FIRE_TIME - 60, until: FIRE_TIME - 30 } });

    expect(schedulePaused(before, paused)).toBeDefined();
  });

  it('tells two pauses of one second from each other', () => {
    const again = aState({ generation: 9, paused: pause });

    expect(schedulePaused(aState({ generation: 8 }), again)?.id).not.toBe(
      schedulePaused(aState(), paused)?.id,
    );
  });

  it('tells a pause once, whatever is written while it lasts', () => {
    const noted = aState({ generation: 8, paused: { ...pause, note: 'still' } });

    expect(schedulePaused(paused, noted)).toBeUndefined();
  });

  it('has nothing to tell of a schedule that is not paused', () => {
    expect(schedulePaused(paused, aState())).toBeUndefined();
  });
});
