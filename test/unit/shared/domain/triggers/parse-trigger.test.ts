import { describe, expect, it } from 'vitest';
import { parseTrigger } from '#shared/domain/triggers/parse-trigger.ts';
import type { TriggerContext } from '#shared/domain/triggers/trigger-json.ts';

function faultsOf(json: unknown, context?: TriggerContext) {
  const parsed = parseTrigger(json, context);
  return parsed.ok ? [] : parsed.faults;
}

function sentenceOf(json: unknown): string | undefined {
  return faultsOf(json)[0]?.detail;
}

const cron = (expression: string) => ({ kind: 'cron', expression });
const rrule = (rule: string) => ({ kind: 'rrule', rule, startAt: '2026-01-01T09:00:00' });

describe('parseTrigger', () => {
  it.each([
    ['0 24 * * *', 'Expected the hour field to be 0 to 23, got `24` (position 2 of `0 24 * * *`)'],
    [
      '60 * * * *',
      'Expected the minute field to be 0 to 59, got `60` (position 1 of `60 * * * *`)',
    ],
    [
      '0 0 1 fab *',
      'Expected the month field to be 1 to 12 or jan to dec, got `fab` (position 4 of `0 0 1 fab *`)',
    ],
    [
      '0 0 L * *',
      'Expected the day-of-month field to be 1 to 31, got `L` (position 3 of `0 0 L * *`)',
    ],
    [
      '0 0 * * 8',
      'Expected the day-of-week field to be 0 to 7 or sun to sat, got `8` (position 5 of `0 0 * * 8`)',
    ],
    [
      '0 22-2 * * *',
      'Expected the hour field to have ranges that go upward, got `22-2` (position 2 of `0 22-2 * * *`)',
    ],
    [
      '*/0 * * * *',
      'Expected the step of the minute field to be 1 to 59 in `*/0`, got `0` (position 1 of `*/0 * * * *`)',
    ],
    ['* * * *', 'Expected five fields (minute hour day month weekday), got 4 in `* * * *`'],
    [
      '@reboot',
      'Expected a macro to be one of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly, got `@reboot` in `@reboot`',
    ],
    [
      'cron(0 9 * * * *)',
      'Expected `?` in exactly one of the day-of-month and day-of-week fields, got `*` and `*` (position 5 of `cron(0 9 * * * *)`)',
    ],
    ['cron(0 9 * * ?)', 'Expected six fields in `cron(…)`, got 5 in `cron(0 9 * * ?)`'],
    [
      'cron(0 9 ? * 3#6 *)',
      'Expected the day-of-week field to be 1 to 7 or sun to sat, L, 1L to 7L or 1#1 to 7#5, got `3#6` (position 5 of `cron(0 9 ? * 3#6 *)`)',
    ],
    [
      'cron(0 9 ? * 3#1,6#3 *)',
      'Expected the day-of-week field to be 1 to 7 or sun to sat, L, 1L to 7L or 1#1 to 7#5, got `3#1` (position 5 of `cron(0 9 ? * 3#1,6#3 *)`)',
    ],
  ])('says where %s is wrong, and what was expected', (expression, sentence) => {
    expect(sentenceOf(cron(expression))).toBe(sentence);
  });

  it('reports the faults of all fields of a line together', () => {
    const faults = faultsOf(cron('60 24 0 13 8'));

    expect(faults.map(({ pointer }) => pointer)).toEqual(Array(5).fill('/expression'));
  });

  it('reports faults of different parts together, each at its place', () => {
    const faults = faultsOf({
      ...cron('0 9 * * *'),
      timeZone: 'Mars/Base',
      gap: 'jump',
      startAt: 'soon',
      colour: 'red',
    });

    expect(faults).toEqual([
      expect.objectContaining({ pointer: '/colour', code: 'field.unknown' }),
      {
        pointer: '/timeZone',
        code: 'trigger.time-zone',
        detail:
          'Expected timeZone to be an IANA time-zone name such as Europe/Berlin, got `Mars/Base`',
      },
      expect.objectContaining({ pointer: '/startAt', code: 'trigger.invalid' }),
      {
        pointer: '/gap',
        code: 'trigger.invalid',
        detail: 'Expected gap to be `skip` or `shift`, got `jump`',
      },
    ]);
  });

  it('points into the triggers of a combined one', () => {
    const faults = faultsOf({
      kind: 'any',
      of: [cron('0 9 * * *'), { kind: 'all', of: [cron('x')] }],
    });

    expect(faults.map(({ pointer }) => pointer)).toEqual(['/of/1/of/0/expression']);
  });

  it('points at the field of an APScheduler form', () => {
    const faults = faultsOf({
      kind: 'cron',
      fields: { hour: 24, day: '1st web', second: [1], dayofweek: 1 },
    });

    expect(faults.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/fields/dayofweek', 'field.unknown'],
      ['/fields/day', 'trigger.invalid'],
      ['/fields/hour', 'trigger.invalid'],
      ['/fields/second', 'trigger.invalid'],
    ]);
  });

  it.each([
    cron('0 0 30 2 *'),
    cron('0 0 31 4,6,9,11 *'),
    cron('cron(0 0 31 APR ? *)'),
    { kind: 'cron', fields: { week: 53, month: 6 } },
    { ...cron('0 9 * * *'), startAt: '2026-02-01T00:00:00', endAt: '2026-01-01T00:00:00' },
    { ...cron('0 9 * * *'), startAt: '2026-01-01T10:00:00', endAt: '2026-01-02T08:00:00' },
    { ...cron('0 9 * * sat'), exclude: ['sat'] },
    { ...cron('0 9 * * *'), exclude: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] },
    { kind: 'once', at: '2026-03-08T02:30:00', timeZone: 'America/New_York' },
    { kind: 'calendarInterval', days: 1, startDate: '2026-01-02', endDate: '2026-01-01' },
    rrule('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'),
    rrule('FREQ=DAILY;INTERVAL=7;BYDAY=MO'),
    rrule('FREQ=HOURLY;INTERVAL=24;BYHOUR=8'),
    rrule('FREQ=SECONDLY;INTERVAL=86399;BYMONTH=2;BYMONTHDAY=30'),
    rrule('FREQ=DAILY;UNTIL=20251231T000000Z'),
    rrule('FREQ=DAILY;COUNT=1\nEXDATE:20260101T090000'),
  ])('refuses %j, which can never fire', (json) => {
    expect(faultsOf(json).map(({ code }) => code)).toEqual(['trigger.never-fires']);
  });

  it('says that a line names days that do not exist', () => {
    expect(sentenceOf(cron('0 0 30 2 *'))).toBe(
      'Expected a day that the calendar has, got `0 0 30 2 *`, which can never fire',
    );
  });

  it('finds out soon that a trigger can never fire', () => {
    const startedAt = performance.now();

    parseTrigger(cron('0 0 30 2 *'));
    parseTrigger({ kind: 'cron', fields: { year: '1970-9999/3', week: 53, month: 6 } });
    parseTrigger(rrule('FREQ=SECONDLY;INTERVAL=2;BYSECOND=1,3,5'));

    expect(performance.now() - startedAt).toBeLessThan(1000);
  });

  it.each([
    ['FREQ=DAILY;BYHOUR=77', 'Expected BYHOUR to be 0 to 23, got `77`'],
    [
      'FREQ=FORTNIGHTLY',
      'Expected FREQ to be one of YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY, MINUTELY, SECONDLY, got `FORTNIGHTLY`',
    ],
    ['FREQ=DAILY;INTERVAL=0', 'Expected INTERVAL to be 1 to 100000, got `0`'],
    ['FREQ=DAILY;COUNT=3;UNTIL=20270101T000000Z', 'Expected COUNT or UNTIL, got both'],
    [
      'FREQ=WEEKLY;BYDAY=2MO',
      'Expected numbered weekdays in BYDAY with FREQ=MONTHLY or YEARLY, got WEEKLY',
    ],
    ['FREQ=WEEKLY;BYMONTHDAY=1', 'Expected BYMONTHDAY with a FREQ other than WEEKLY'],
    ['FREQ=MONTHLY;BYWEEKNO=1', 'Expected BYWEEKNO with FREQ=YEARLY alone, got MONTHLY'],
    [
      'FREQ=DAILY;BYYEARDAY=1',
      'Expected BYYEARDAY with a FREQ other than MONTHLY, WEEKLY and DAILY, got DAILY',
    ],
    ['FREQ=DAILY;BYSETPOS=1', 'Expected BYSETPOS beside another BY part'],
    ['FREQ=MONTHLY;BYMONTHDAY=0', 'Expected BYMONTHDAY to be 1 to 31 or -31 to -1, got `0`'],
    ['FREQ=MONTHLY;BYDAY=0MO', 'Expected BYDAY to be weekdays such as MO, 2TU or -1FR, got `0MO`'],
    ['FREQ=DAILY;UNTIL=soon', 'Expected UNTIL to be a time such as 20261231T230000Z, got `SOON`'],
    [
      'DTSTART:20260101T090000\nRRULE:FREQ=DAILY',
      'Expected RRULE, EXDATE and RDATE lines with times in UTC, got `DTSTART:20260101T090000`',
    ],
    ['EXDATE:20260101T090000', 'Expected exactly one RRULE line, got 0'],
    [
      'FREQ=DAILY\nEXDATE;TZID=Europe/Berlin:20260101T090000',
      'Expected RRULE, EXDATE and RDATE lines with times in UTC, got `EXDATE;TZID=Europe/Berlin:20260101T090000`',
    ],
    [
      'FREQ=DAILY\nEXDATE:20260101',
      'Expected at most 500 dates such as 20261123T090000 in an EXDATE or RDATE line, got `20260101`',
    ],
  ])('refuses the rule %j', (rule, sentence) => {
    expect(faultsOf(rrule(rule)).map(({ detail }) => detail)).toEqual([sentence]);
  });

  it.each([
    [null, 'Expected a trigger to be an object with a kind'],
    [
      {},
      'Expected kind to be one of cron, interval, calendarInterval, once, rrule, any, all, after, got nothing',
    ],
    [{ kind: 'cron' }, 'Expected either expression or fields, got both or neither'],
    [
      { kind: 'cron', expression: '*'.repeat(257) },
      `Expected expression to be a crontab line or an AWS cron(…) expression of at most 256 characters, got \`${'*'.repeat(64)}…\``,
    ],
    [
      { kind: 'interval', every: 'P1M' },
      'Expected every to be a length of time such as `PT15M`, `90s` or a number of whole seconds, above 0 and at most 100 years, got `P1M`',
    ],
    [{ kind: 'once' }, 'Expected at to be the time to fire, got nothing'],
    [{ kind: 'any', of: [] }, 'Expected of to be a list of 1 to 16 triggers, got `[]`'],
    [
      { kind: 'calendarInterval' },
      'Expected years, months, weeks and days to be at least 1 day in all, got 0',
    ],
    [
      { kind: 'rrule', rule: 'FREQ=DAILY' },
      'Expected startAt to be the time from which the rule counts, got nothing',
    ],
    [
      { ...cron('0 9 * * *'), startAt: '2025-03-30T02:30:00', timeZone: 'Europe/Berlin' },
      'Expected startAt to be a time that exists in Europe/Berlin, got `2025-03-30T02:30:00`, which a clock change leaves out',
    ],
    [
      { ...cron('cron(0 9 * * ? *)'), dayMatch: 'either' },
      'Expected dayMatch to be absent beside an AWS cron(…) expression',
    ],
  ])('refuses %j', (json, sentence) => {
    expect(sentenceOf(json)).toBe(sentence);
  });

  it.each([
    '2026-02-30',
    'someday',
    { from: '2026-02-01', to: '2026-01-01' },
    { calendar: 'nyse' },
    7,
  ])('refuses %j in exclude', (entry) => {
    expect(faultsOf({ ...cron('0 9 * * *'), exclude: ['sat', entry] })).toMatchObject([
      { pointer: '/exclude/1', code: 'trigger.invalid' },
    ]);
  });

  it('refuses more entries, triggers and depth than it has bounds for', () => {
    const nested = (depth: number): unknown =>
      depth === 0 ? cron('0 9 * * *') : { kind: 'any', of: [nested(depth - 1)] };

    expect(faultsOf({ ...cron('0 9 * * *'), exclude: Array(1001).fill('sat') })).toHaveLength(1);
    expect(faultsOf({ kind: 'any', of: Array(17).fill(cron('0 9 * * *')) })).toHaveLength(1);
    expect(faultsOf(nested(4))).toEqual([]);
    expect(faultsOf(nested(5))).toHaveLength(1);
    expect(faultsOf({ kind: 'all', of: [{ kind: 'all', of: [cron('0 9 * * *')] }] })).toHaveLength(
      1,
    );
  });
});
