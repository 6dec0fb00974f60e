import { describe, expect, it } from 'vitest';
import { describeTrigger } from '#shared/domain/triggers/describe-trigger.ts';
import { aTrigger } from '#test/support/a-trigger.ts';

describe('describeTrigger', () => {
  it.each([
    ['* * * * *', 'Every minute'],
    ['*/5 * * * *', 'Every 5 minutes'],
    ['@hourly', 'Every hour'],
    ['30 * * * *', 'At minute 30 of every hour'],
    ['5/15 * * * *', 'At minutes 5, 20, 35 and 50 of every hour'],
    ['0 */2 * * *', 'Every 2 hours'],
    ['0 9-17 * * *', 'Every hour from 09:00 to 17:00'],
    ['0 1,3,5,7,9,11,14 * * *', 'At minute 0 of hours 1, 3, 5, 7, 9, 11 and 14'],
    [
      '*/15 9-17 * jan-mar 1-5',
      'Every 15 minutes from 09:00 to 17:45 on Monday to Friday in January to March',
    ],
    ['0 9,17 1,15 * *', 'At 09:00 and 17:00 on the 1st and the 15th of the month'],
    ['0 9 13 * fri', 'At 09:00 on the 13th of the month and also on Friday'],
    ['cron(0 9 LW * ? 2026-2030)', 'At 09:00 on the last weekday of the month in 2026 to 2030'],
    [
      'cron(0 9 3W,L * ? 2025/2)',
      'At 09:00 on the weekday nearest the 3rd and the last day of the month in every 2nd year of 2025 to 2199',
    ],
    ['cron(0 9 ? * 3#2 *)', 'At 09:00 on the second Tuesday of the month'],
    ['cron(0 9 ? 12 6L 2030)', 'At 09:00 on the last Friday of the month in December in 2030'],
  ])('says of %s: %s', (expression, text) => {
    expect(describeTrigger(aTrigger({ kind: 'cron', expression }))).toBe(`${text}, UTC`);
  });

  it.each([
    [{ second: '*/10' }, 'Every 10 seconds, every minute, UTC'],
    [{ minute: '*/5', second: 30 }, 'At second 30, every 5 minutes, UTC'],
    [
      { week: '1-2', hour: 9, second: 15 },
      'At second 15, every minute of hour 9 in ISO week 1 and 2, UTC',
    ],
    [{ year: '2030-9999', hour: 9 }, 'At 09:00 in 2030 and later, UTC'],
  ])('says of the fields %j: %s', (fields, text) => {
    expect(describeTrigger(aTrigger({ kind: 'cron', fields }))).toBe(text);
  });

  it.each([
    [
      { kind: 'interval', every: 'PT1H30M', startAt: '2026-01-01T00:00:00Z' },
      'Every 1 hour and 30 minutes, counted from 2026-01-01T00:00:00Z',
    ],
    [
      {
        kind: 'calendarInterval',
        years: 1,
        weeks: 2,
        hour: 10,
        startDate: '2022-06-07',
        endDate: '2030-01-01',
        timeZone: 'Europe/Berlin',
      },
      'Every 1 year and 2 weeks from 2022-06-07 10:00 to 2030-01-01, Europe/Berlin time',
    ],
    [{ kind: 'once', at: '2026-12-01T09:00:30Z' }, 'Once, at 2026-12-01T09:00:30Z'],
    [
      {
        kind: 'once',
        at: '2026-12-01T09:00:00',
        timeZone: 'Europe/Berlin',
        gap: 'shift',
        fold: 'both',
      },
      'Once, at 2026-12-01 09:00, Europe/Berlin time, later where a clock change leaves the time out, twice where a clock change repeats the time',
    ],
    [
      {
        kind: 'rrule',
        rule: 'FREQ=DAILY\nEXDATE:20260102T090000\nRDATE:20260103T100000Z',
        startAt: '2026-01-01T09:00:00',
      },
      'By the rule FREQ=DAILY from 2026-01-01 09:00 and at 1 further time but not at 1 time, UTC',
    ],
    [
      {
        kind: 'any',
        of: [
          { kind: 'cron', expression: '@daily', exclude: ['sat', 'sun', '2026-12-25'] },
          {
            kind: 'cron',
            expression: '@daily',
            endAt: '2030-01-01T00:00:00Z',
            exclude: [{ from: '2026-01-01', to: '2026-01-10' }],
          },
        ],
      },
      'Whenever one of these does: (1) At 00:00, UTC, except on Saturday and Sunday and 2026-12-25; (2) At 00:00, UTC, until 2030-01-01T00:00:00Z, except on 10 excluded days',
    ],
    [
      {
        kind: 'all',
        of: [{ kind: 'cron', expression: '@daily', startAt: '2026-01-01T00:00:00Z' }],
      },
      'Whenever all of these do within 1 second: (1) At 00:00, UTC, from 2026-01-01T00:00:00Z',
    ],
  ])('says of %j: %s', (json, text) => {
    expect(describeTrigger(aTrigger(json))).toBe(text);
  });
});
