import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anchorFrom } from '#shared/domain/schedule/anchor-from.ts';
import { findTriggerFaults } from '#shared/domain/schedule/find-trigger-faults.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const faultsOf = (trigger: unknown, now = FIRE_TIME) =>
  findTriggerFaults(trigger, { now, anchorAt: anchorFrom(now) });

describe('findTriggerFaults', () => {
  it.each([
    [{ kind: 'cron', expression: 'cron(0 9 ? * MON-FRI *)', timeZone: 'Europe/Berlin' }],
    [{ kind: 'cron', expression: '*/5 * * * *', timeZone: 'UTC' }],
    [{ kind: 'interval', every: 60 }],
    [{ kind: 'interval', every: 'PT12H' }],
    [{ kind: 'once', at: '2026-11-23T09:00:01Z' }],
  ])('finds none in %j', (trigger) => {
    expect(faultsOf(trigger)).toEqual([]);
  });

  it.each([
    [{ kind: 'interval', every: 90 }, 'fits no UTC cron'],
    [
      { kind: 'calendarInterval', days: 1, hour: 9, timeZone: 'UTC' },
      'no form for the kind calendarInterval',
    ],
    [
      { kind: 'rrule', rule: 'FREQ=DAILY', startAt: '2026-11-24T09:00:00Z' },
      'no form for the kind rrule',
    ],
    [{ kind: 'any', of: [{ kind: 'interval', every: 60 }] }, 'no form for the kind any'],
    [
      { kind: 'cron', expression: 'cron(30 2 * * ? *)', timeZone: 'Europe/Berlin' },
      'meets a clock change',
    ],
  ])('refuses %j, which is planned, and says why', (trigger, why) => {
    expect(faultsOf(trigger)).toEqual([
      { pointer: '', code: 'trigger.invalid', detail: expect.stringContaining(why) },
    ]);
  });

  it('names what is too frequent before what is planned', () => {
    expect(faultsOf({ kind: 'interval', every: 30 })).toMatchObject([
      { pointer: '/every', code: 'trigger.too-frequent' },
    ]);
  });

  it('takes an interval that divides the hour or the day at whatever second it comes', () => {
    const anyEvery = fc.constantFrom('1m', '5m', '20m', '60m', '2h', '8h', '1d');
    const anyNow = fc.integer({ min: FIRE_TIME, max: FIRE_TIME + 200_000 });

    fc.assert(
      fc.property(anyEvery, anyNow, (every, now) => {
        expect(faultsOf({ kind: 'interval', every }, now)).toEqual([]);
      }),
    );
  });
});

describe('anchorFrom', () => {
  it.each([
    [FIRE_TIME, FIRE_TIME],
    [FIRE_TIME + 1, FIRE_TIME + 60],
    [FIRE_TIME + 59, FIRE_TIME + 60],
  ])('rounds %i up to the minute %i', (now, anchor) => {
    expect(anchorFrom(now)).toBe(anchor);
  });
});
