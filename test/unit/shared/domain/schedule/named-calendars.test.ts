import { describe, expect, it } from 'vitest';
import { pickCalendars } from '#shared/domain/schedule/named-calendars.ts';

const CALENDARS = { berlin: ['2026-12-25'], paris: ['2026-07-14'], tokyo: ['2026-01-01'] };

describe('pickCalendars', () => {
  it('picks what a trigger and the triggers within it name, and no other', () => {
    const trigger = {
      kind: 'any',
      exclude: ['sat', { calendar: 'berlin' }],
      of: [{ kind: 'cron', expression: '@daily', exclude: [{ calendar: 'tokyo' }] }],
    };

    expect(pickCalendars(trigger, CALENDARS)).toEqual({
      berlin: ['2026-12-25'],
      tokyo: ['2026-01-01'],
    });
  });

  it.each([
    [{ kind: 'cron', expression: '@daily' }],
    [{ exclude: [{ calendar: 'rome' }, { calendar: 'toString' }, { calendar: 7 }, null] }],
    [{ exclude: { calendar: 'berlin' } }],
    ['berlin'],
    [null],
  ])('picks nothing for %j', (trigger) => {
    expect(pickCalendars(trigger, CALENDARS)).toEqual({});
  });
});
