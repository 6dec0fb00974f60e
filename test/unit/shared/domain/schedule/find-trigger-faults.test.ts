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
    [{ kind: 'interval', every: 90 }],
    [{ kind: 'calendarInterval', days: 1, hour: 9, timeZone: 'UTC' }],
    [{ kind: 'rrule', rule: 'FREQ=DAILY', startAt: '2026-11-24T09:00:00Z' }],
    [{ kind: 'any', of: [{ kind: 'interval', every: 60 }] }],
    [{ kind: 'cron', expression: 'cron(30 2 * * ? *)', timeZone: 'Europe/Berlin' }],
  ])('finds none in %j, which is planned', (trigger) => {
    expect(faultsOf(trigger)).toEqual([]);
  });

  it.each([
    [{ kind: 'interval', every: 30 }, '/every', 'trigger.too-frequent'],
    [{ kind: 'once', at: '2026-11-23T09:00:00Z' }, '/at', 'trigger.past'],
    [{ kind: 'cron', expression: '0 24 * * *', timeZone: 'UTC' }, '/expression', 'trigger.invalid'],
  ])('finds in %j a fault at %s: %s', (trigger, pointer, code) => {
    expect(faultsOf(trigger)).toMatchObject([{ pointer, code }]);
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
