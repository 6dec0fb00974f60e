import { describe, expect, it } from 'vitest';
import { toEventBridge } from '#shared/domain/triggers/to-event-bridge.ts';
import { aTrigger } from '#test/support/a-trigger.ts';
import { at } from '#test/support/instant.ts';

function formOf(json: Record<string, unknown>, anchorAt = at('2026-01-01T01:07:00Z')) {
  return toEventBridge(aTrigger(json, { anchorAt }));
}

function expressionOf(json: Record<string, unknown>, anchorAt?: number): string {
  const form = formOf(json, anchorAt);
  if (form.kind === 'dependent') return 'dependent';
  return form.kind === 'native' ? form.expression : `planned: ${form.reason}`;
}

describe('toEventBridge of cron triggers', () => {
  it.each([
    ['0 9 * * mon-fri', 'cron(0 9 ? * MON-FRI *)'],
    ['*/15 9-17 * * *', 'cron(0/15 9-17 * * ? *)'],
    ['0 0 1,15 jan-mar *', 'cron(0 0 1,15 1-3 ? *)'],
    ['5,6,7,30 1-9/4 * * fri-mon', 'cron(5-7,30 1-9/4 ? * SUN-MON,FRI-SAT *)'],
    ['* * * * *', 'cron(* * * * ? *)'],
    ['@yearly', 'cron(0 0 1 1 ? *)'],
    ['cron(0 9 3w,l * ? 2026-2030)', 'cron(0 9 3W,L * ? 2026-2030)'],
    ['cron(15 10 ? * 6L 2022-2023)', 'cron(15 10 ? * 6L 2022-2023)'],
    ['cron(0 9 ? * frIL *)', 'cron(0 9 ? * 6L *)'],
    ['cron(0 9 ? * FRI-MON *)', 'cron(0 9 ? * SUN-MON,FRI-SAT *)'],
    ['cron(0/5 8 ? * 3#2 2025/2)', 'cron(0/5 8 ? * 3#2 2025/2)'],
  ])('writes %s as %s', (expression, native) => {
    expect(expressionOf({ kind: 'cron', expression })).toBe(native);
  });

  it.each([
    [{ day: 'last fri', hour: 17 }, 'cron(0 17 ? * 6L *)'],
    [{ day: 'last', month: '*/3' }, 'cron(0 0 L 1/3 ? *)'],
    [{ year: '2030/2', month: 6 }, 'cron(0 0 1 6 ? 2030/2)'],
    [{ dayOfWeek: 'wed' }, 'cron(0 0 ? * WED *)'],
  ])('writes the fields %j as %s', (fields, native) => {
    expect(expressionOf({ kind: 'cron', fields })).toBe(native);
  });

  it.each([
    [
      { expression: '0 9 13 * fri' },
      'EventBridge cannot join a day of the month or a day of the week',
    ],
    [
      { expression: '0 9 13 * fri', dayMatch: 'both' },
      'EventBridge cannot join a day of the month and a day of the week',
    ],
    [{ fields: { second: 30 } }, 'EventBridge fires on full minutes only'],
    [{ fields: { week: 1 } }, 'EventBridge knows no ISO weeks'],
    [
      { fields: { day: '2nd tue,last' } },
      'EventBridge takes one weekday of the month, and nothing beside it',
    ],
    [{ fields: { year: '2500' } }, 'EventBridge takes the years 1970 to 2199 only'],
    [{ expression: 'cron(0 9 LW * ? *)' }, 'EventBridge does not document LW'],
    [{ expression: '0 9 * * *', exclude: ['sat'] }, 'EventBridge cannot leave out days'],
    [
      { expression: '0 9 * * *', timeZone: 'US/Pacific' },
      'EventBridge may not know the older zone name US/Pacific',
    ],
  ])('plans %j, because: %s', (json, reason) => {
    expect(formOf({ kind: 'cron', ...json })).toEqual({ kind: 'planned', reason });
  });

  it.each([
    ['30 2 * * *', 'America/New_York', '2025-03-09T02:30:00'],
    ['30 1 * * *', 'America/New_York', '2025-11-02T01:30:00'],
    ['0 * * * *', 'Europe/Berlin', '2025-03-30T02:00:00'],
    ['15 2 * 10 sun', 'Australia/Lord_Howe', '2025-10-05T02:15:00'],
    ['0 0 * * *', 'Africa/Cairo', '2025-04-25T00:00:00'],
    ['30 2 14 3 *', 'America/New_York', '2027-03-14T02:30:00'],
  ])('plans %s in %s, which meets the clock change at %s', (expression, timeZone, met) => {
    expect(formOf({ kind: 'cron', expression, timeZone })).toEqual({
      kind: 'planned',
      reason: `its fire time ${met} meets a clock change`,
    });
  });

  it.each([
    ['0 3 * * *', 'America/New_York'],
    ['30 2 * * mon-sat', 'America/New_York'],
    ['30 2 15 3 *', 'America/New_York'],
    ['0 * * * *', 'Asia/Tokyo'],
    ['0 * * * *', 'America/Sao_Paulo'],
    ['0 2 1-30 7 *', 'Australia/Lord_Howe'],
  ])('leaves %s in %s to EventBridge, as no clock change comes near', (expression, timeZone) => {
    expect(formOf({ kind: 'cron', expression, timeZone })).toMatchObject({
      kind: 'native',
      timeZone,
    });
  });

  it('looks for clock changes between startAt and endAt alone', () => {
    const summer = { startAt: '2026-05-01T00:00:00Z', endAt: '2026-08-31T23:00:00Z' };

    expect(
      formOf({ kind: 'cron', expression: '0 * * * *', timeZone: 'Europe/Berlin', ...summer }),
    ).toEqual({
      kind: 'native',
      expression: 'cron(0 * * * ? *)',
      timeZone: 'Europe/Berlin',
      startDate: at('2026-05-01T00:00:00Z'),
      endDate: at('2026-08-31T23:00:00Z'),
    });
  });
});

describe('toEventBridge of intervals', () => {
  it.each([
    ['PT15M', 'cron(7/15 * * * ? *)'],
    ['1m', 'cron(* * * * ? *)'],
    ['30m', 'cron(7/30 * * * ? *)'],
    ['1h', 'cron(7 * * * ? *)'],
    ['2h', 'cron(7 1/2 * * ? *)'],
    ['12h', 'cron(7 1/12 * * ? *)'],
    ['1d', 'cron(7 1 * * ? *)'],
  ])('writes every %s from 01:07 as %s', (every, native) => {
    expect(expressionOf({ kind: 'interval', every, timeZone: 'Europe/Berlin' })).toBe(native);
  });

  it.each(['90s', '7m', '45m', '90m', '5h', '36h', '7d'])('plans every %s', (every) => {
    expect(formOf({ kind: 'interval', every }).kind).toBe('planned');
  });

  it('plans an interval that does not begin on a full minute', () => {
    expect(formOf({ kind: 'interval', every: '1h' }, at('2026-01-01T00:00:30Z')).kind).toBe(
      'planned',
    );
  });

  it('has no fire time before startAt', () => {
    const form = formOf({ kind: 'interval', every: '1h', startAt: '2026-06-01T00:00:00Z' });

    expect(form).toEqual({
      kind: 'native',
      expression: 'cron(0 * * * ? *)',
      timeZone: 'UTC',
      startDate: at('2026-06-01T00:00:00Z'),
    });
  });
});

describe('toEventBridge of other kinds', () => {
  it('writes a single time in UTC, to the second', () => {
    const form = formOf({ kind: 'once', at: '2026-07-01T09:00:30', timeZone: 'Europe/Berlin' });

    expect(form).toEqual({
      kind: 'native',
      expression: 'at(2026-07-01T07:00:30)',
      timeZone: 'UTC',
    });
  });

  it('plans a single time that fires twice', () => {
    const json = {
      kind: 'once',
      at: '2026-10-25T02:30:00',
      timeZone: 'Europe/Berlin',
      fold: 'both',
    };

    expect(formOf(json).kind).toBe('planned');
  });

  it.each([
    { kind: 'calendarInterval', days: 1 },
    { kind: 'rrule', rule: 'FREQ=DAILY', startAt: '2026-01-01T00:00:00Z' },
    { kind: 'any', of: [{ kind: 'cron', expression: '@daily' }] },
    { kind: 'all', of: [{ kind: 'cron', expression: '@daily' }] },
  ])('plans %j', (json) => {
    expect(formOf(json)).toEqual({
      kind: 'planned',
      reason: `EventBridge has no form for the kind ${json.kind}`,
    });
  });
});
