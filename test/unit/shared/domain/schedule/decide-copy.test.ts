import { describe, expect, it } from 'vitest';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { decideCopy } from '#shared/domain/schedule/decide-copy.ts';
import type { ScheduleDefinition, ScheduleState } from '#shared/domain/schedule/schedule.ts';
import { aSchedule } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const HOUR = 3_600;

const copy = (
  state: Partial<ScheduleState> = {},
  definition: Partial<ScheduleDefinition> = {},
  now = FIRE_TIME - HOUR,
) => decideCopy(aSchedule(definition, state), now);

const sync = (state: 'pending' | 'failed' | 'completed') => ({
  sync: { state, generation: 1, at: FIRE_TIME - 2 * HOUR },
});

describe('decideCopy', () => {
  it('expects of a native schedule what the projection would make of it now', () => {
    expect(copy()).toMatchObject({
      kind: 'schedule',
      schedule: { expression: 'cron(0 9 * * ? *)', task: 'sales-report' },
    });
  });

  it.each(['pending', 'failed'] as const)('expects nothing certain of one that is %s', (state) => {
    expect(copy(sync(state))).toEqual({ kind: 'unknown' });
  });

  it('expects a copy that is switched off while a pause has no end, and one that begins with its end', () => {
    const paused = { by: 'someone', since: FIRE_TIME - 2 * HOUR };

    expect(copy({ paused })).toMatchObject({ schedule: { isPaused: true } });
    expect(copy({ paused: { ...paused, until: FIRE_TIME } })).toMatchObject({
      schedule: { startDate: FIRE_TIME },
    });
    const ended = copy({ paused: { ...paused, until: FIRE_TIME - HOUR } });
    expect(ended).not.toHaveProperty('schedule.startDate');
  });

  it('knows nothing of a copy that goes by itself, from five minutes before its last fire time', () => {
    const trigger = { kind: 'once', at: toIso(FIRE_TIME) };

    expect(copy({}, { trigger }, FIRE_TIME - 301)).toMatchObject({ kind: 'schedule' });
    expect(copy({}, { trigger }, FIRE_TIME - 300)).toEqual({ kind: 'unknown' });
    expect(copy(sync('completed'), { trigger }, FIRE_TIME + HOUR)).toEqual({ kind: 'unknown' });
  });

  it('expects one at() of a plan, but knows nothing while that is on its way', () => {
    const plan = { nextFireTime: FIRE_TIME, started: 3 };

    expect(copy({ plan }, {}, FIRE_TIME - 300)).toMatchObject({
      schedule: { expression: 'at(2026-11-23T09:00:00)' },
    });
    expect(copy({ plan }, {}, FIRE_TIME - 299)).toEqual({ kind: 'unknown' });
    expect(copy({ plan }, {}, FIRE_TIME + HOUR)).toEqual({ kind: 'unknown' });
  });

  it('expects none of a plan that has ended, or is set aside by a pause', () => {
    expect(copy({ plan: { started: 3 }, ...sync('completed') })).toEqual({ kind: 'absent' });
    expect(copy({ plan: { started: 3 } })).toEqual({ kind: 'absent' });
  });
});
