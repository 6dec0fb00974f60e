import { describe, expect, it } from 'vitest';
import { MaxIterationsReached } from '#shared/domain/triggers/combined-rule.ts';
import { nextFireTime } from '#shared/domain/triggers/next-fire-time.ts';
import { aTrigger } from '#test/support/a-trigger.ts';
import { at, firesBetween, firesFrom } from '#test/support/instant.ts';

const cron = (expression: string, more: Record<string, unknown> = {}) =>
  aTrigger({ kind: 'cron', expression, ...more });

const rrule = (rule: string, more: Record<string, unknown> = {}) =>
  aTrigger({ kind: 'rrule', rule, startAt: '2026-01-01T09:00:00', ...more });

describe('nextFireTime of a crontab', () => {
  it('is strictly after the instant it is asked about', () => {
    const daily = cron('0 9 * * *');

    expect(nextFireTime(daily, at('2026-01-01T09:00:00Z'))).toBe(at('2026-01-02T09:00:00Z'));
    expect(nextFireTime(daily, at('2026-01-01T09:00:00Z') - 0.5)).toBe(at('2026-01-01T09:00:00Z'));
  });

  it.each([
    ['@hourly', ['2026-01-01T00:00:00Z', '2026-01-01T01:00:00Z']],
    ['@daily', ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z']],
    ['@midnight', ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z']],
    ['@weekly', ['2026-01-04T00:00:00Z', '2026-01-11T00:00:00Z']],
    ['@monthly', ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z']],
    ['@yearly', ['2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z']],
    ['@annually', ['2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z']],
    ['0 0 * * 0', ['2026-01-04T00:00:00Z', '2026-01-11T00:00:00Z']],
    ['0 0 * * 7', ['2026-01-04T00:00:00Z', '2026-01-11T00:00:00Z']],
    ['0 0 * * SAT-Sun', ['2026-01-03T00:00:00Z', '2026-01-04T00:00:00Z', '2026-01-10T00:00:00Z']],
    ['0 0 * * 1-5/2', ['2026-01-02T00:00:00Z', '2026-01-05T00:00:00Z', '2026-01-07T00:00:00Z']],
    ['0 0 * * mon-fri/2', ['2026-01-02T00:00:00Z', '2026-01-05T00:00:00Z', '2026-01-07T00:00:00Z']],
    ['0 0 29 2 *', ['2028-02-29T00:00:00Z', '2032-02-29T00:00:00Z']],
    ['50/3 23 31 dec *', ['2026-12-31T23:50:00Z', '2026-12-31T23:53:00Z']],
  ])('reads %s', (expression, fires) => {
    expect(firesFrom(cron(expression), '2026-01-01T00:00:00Z', fires.length)).toEqual(fires);
  });

  it('fires on either day field if both are restricted, as crontab(5) says', () => {
    const fires = firesFrom(cron('0 0 13 * fri'), '2026-01-01T00:00:00Z', 4);

    expect(fires).toEqual([
      '2026-01-02T00:00:00Z',
      '2026-01-09T00:00:00Z',
      '2026-01-13T00:00:00Z',
      '2026-01-16T00:00:00Z',
    ]);
  });

  it('fires where both day fields match if dayMatch says so', () => {
    const fires = firesFrom(cron('0 0 13 * fri', { dayMatch: 'both' }), '2026-01-01T00:00:00Z', 2);

    expect(fires).toEqual(['2026-02-13T00:00:00Z', '2026-03-13T00:00:00Z']);
  });

  it('counts a field with a star and a step as unrestricted', () => {
    const fires = firesFrom(cron('0 0 */10 * mon'), '2026-01-01T00:00:00Z', 2);

    expect(fires).toEqual(['2026-05-11T00:00:00Z', '2026-06-01T00:00:00Z']);
  });

  it('steps over all weekdays from Sunday, but with dayMatch both from Monday as APScheduler does', () => {
    const standard = firesFrom(cron('0 0 * * */2'), '2026-01-04T00:00:00Z', 4);
    const upstream = firesFrom(
      cron('0 0 * * */2', { dayMatch: 'both' }),
      '2026-01-04T00:00:00Z',
      4,
    );

    expect(standard.map((fire) => fire.slice(8, 10))).toEqual(['04', '06', '08', '10']);
    expect(upstream.map((fire) => fire.slice(8, 10))).toEqual(['04', '05', '07', '09']);
  });
});

describe('nextFireTime within bounds and without excluded days', () => {
  it('counts startAt and endAt in', () => {
    const bounds = { startAt: '2026-01-02T09:00:00Z', endAt: '2026-01-03T09:00:00Z' };

    const fires = firesBetween(
      cron('0 9 * * *', bounds),
      '2025-01-01T00:00:00Z',
      '2027-01-01T00:00:00Z',
    );

    expect(fires).toEqual(['2026-01-02T09:00:00Z', '2026-01-03T09:00:00Z']);
  });

  it('reads startAt without an offset in the time zone', () => {
    const trigger = cron('0 * * * *', { startAt: '2026-07-01T12:00:00', timeZone: 'Asia/Tokyo' });

    expect(firesFrom(trigger, '2026-01-01T00:00:00Z', 1)).toEqual(['2026-07-01T03:00:00Z']);
  });

  it('leaves out dates, date ranges, weekdays and the dates of calendars, by the wall clock', () => {
    const exclude = [
      'sat',
      'sun',
      '2026-01-01',
      { from: '2026-01-05', to: '2026-01-06' },
      { calendar: 'off' },
    ];
    const trigger = aTrigger(
      { kind: 'cron', expression: '0 1 * * *', timeZone: 'Asia/Tokyo', exclude },
      { calendars: { off: ['2026-01-08'] } },
    );

    const fires = firesFrom(trigger, '2025-12-31T12:00:00Z', 3);

    expect(fires).toEqual(['2026-01-01T16:00:00Z', '2026-01-06T16:00:00Z', '2026-01-08T16:00:00Z']);
  });

  it('leaps over years of excluded minutes', () => {
    const exclude = [{ from: '2026-01-01', to: '2099-12-31' }];

    expect(firesFrom(cron('* * * * *', { exclude }), '2026-01-01T00:00:00Z', 1)).toEqual([
      '2100-01-01T00:00:00Z',
    ]);
  });
});

describe('nextFireTime at clock changes', () => {
  it('keeps every quarter of an hour through a repeated hour if asked for both', () => {
    const trigger = cron('*/30 * * * *', { timeZone: 'Europe/Berlin', fold: 'both' });

    expect(firesBetween(trigger, '2026-10-25T00:00:00Z', '2026-10-25T02:00:00Z')).toEqual([
      '2026-10-25T00:00:00Z',
      '2026-10-25T00:30:00Z',
      '2026-10-25T01:00:00Z',
      '2026-10-25T01:30:00Z',
      '2026-10-25T02:00:00Z',
    ]);
  });

  it('is silent through the second pass of a repeated hour by default', () => {
    const trigger = cron('*/30 * * * *', { timeZone: 'Europe/Berlin' });

    expect(firesBetween(trigger, '2026-10-25T00:00:00Z', '2026-10-25T02:00:00Z')).toEqual([
      '2026-10-25T00:00:00Z',
      '2026-10-25T00:30:00Z',
      '2026-10-25T02:00:00Z',
    ]);
  });

  it('fires once where a shifted time meets another', () => {
    const trigger = cron('30 2,3 * * *', { timeZone: 'America/New_York', gap: 'shift' });

    expect(firesBetween(trigger, '2026-03-08T06:00:00Z', '2026-03-08T12:00:00Z')).toEqual([
      '2026-03-08T07:30:00Z',
    ]);
  });

  it('does not lose midnight after a spring-forward', () => {
    const trigger = cron('0 0 1 * *', { timeZone: 'Europe/Berlin' });

    expect(firesFrom(trigger, '2026-03-15T00:00:00Z', 2)).toEqual([
      '2026-03-31T22:00:00Z',
      '2026-04-30T22:00:00Z',
    ]);
  });

  it('passes over the day that Samoa left out, or shifts it', () => {
    const bounds = ['2011-12-29T00:00:00Z', '2012-01-01T00:00:00Z'] as const;
    const noon = { timeZone: 'Pacific/Apia' };

    expect(firesBetween(cron('0 12 30 12 *', noon), ...bounds)).toEqual([]);
    expect(firesBetween(cron('0 12 30 12 *', { ...noon, gap: 'shift' }), ...bounds)).toEqual([
      '2011-12-30T22:00:00Z',
    ]);
  });

  it('finds out that a time lies in the gap of every year', () => {
    const trigger = cron('cron(30 2 ? 3 1#2 *)', { timeZone: 'America/New_York' });

    expect(nextFireTime(trigger, at('2026-01-01T00:00:00Z'))).toBeUndefined();
  });
});

describe('nextFireTime of intervals and single times', () => {
  it('keeps to the anchor, whatever the wall clock does', () => {
    const trigger = aTrigger({
      kind: 'interval',
      every: 'PT90M',
      startAt: '2026-03-08T00:00:00-05:00',
    });

    expect(firesFrom(trigger, '2026-03-08T06:00:00Z', 3)).toEqual([
      '2026-03-08T06:30:00Z',
      '2026-03-08T08:00:00Z',
      '2026-03-08T09:30:00Z',
    ]);
  });

  it('counts from the anchor of the context if there is no startAt', () => {
    const trigger = aTrigger(
      { kind: 'interval', every: '7m' },
      { anchorAt: at('2026-01-01T00:01:00Z') },
    );

    expect(firesFrom(trigger, '2020-01-01T00:00:00Z', 2)).toEqual([
      '2026-01-01T00:01:00Z',
      '2026-01-01T00:08:00Z',
    ]);
  });

  it('fires once at a time in the zone, a shifted one later', () => {
    const once = (more: object) =>
      aTrigger({ kind: 'once', at: '2026-03-08T02:30:00', timeZone: 'America/New_York', ...more });

    expect(firesFrom(once({ gap: 'shift' }), '2026-01-01T00:00:00Z', 2)).toEqual([
      '2026-03-08T07:30:00Z',
    ]);
  });
});

describe('nextFireTime of calendar intervals', () => {
  const monthly = (more: object) => aTrigger({ kind: 'calendarInterval', months: 1, ...more });

  it('passes over months that lack the day', () => {
    expect(
      firesFrom(monthly({ startDate: '2026-01-31', hour: 9 }), '2026-01-01T00:00:00Z', 3),
    ).toEqual(['2026-01-31T09:00:00Z', '2026-03-31T09:00:00Z', '2026-05-31T09:00:00Z']);
  });

  it('adds months, then days, to each date', () => {
    const trigger = monthly({ startDate: '2026-01-31', days: 1 });

    expect(firesFrom(trigger, '2026-01-01T00:00:00Z', 4)).toEqual([
      '2026-01-31T00:00:00Z',
      '2026-04-01T00:00:00Z',
      '2026-05-02T00:00:00Z',
      '2026-06-03T00:00:00Z',
    ]);
  });

  it('answers alike from wherever it is asked', () => {
    const trigger = monthly({ startDate: '2020-02-29', days: 2 });
    const all = firesFrom(trigger, '2020-01-01T00:00:00Z', 60);

    const oneByOne = all.slice(1).map((_, index) => firesFrom(trigger, all[index] ?? '', 2)[1]);

    expect(oneByOne).toEqual(all.slice(1));
  });

  it('ends on the end date, inclusive, and with the year 9999', () => {
    const ending = monthly({ startDate: '2026-01-15', endDate: '2026-02-15' });
    const yearly = aTrigger({ kind: 'calendarInterval', years: 1, startDate: '9998-06-01' });

    expect(firesFrom(ending, '2026-01-01T00:00:00Z', 9)).toHaveLength(2);
    expect(firesFrom(yearly, '2026-01-01T00:00:00Z', 9)).toHaveLength(2);
  });

  it('starts on the date of the anchor in the zone', () => {
    const trigger = aTrigger(
      { kind: 'calendarInterval', days: 2, hour: 9, timeZone: 'Asia/Tokyo' },
      { anchorAt: at('2026-01-01T20:00:00Z') },
    );

    expect(firesFrom(trigger, '2026-01-01T00:00:00Z', 2)).toEqual([
      '2026-01-02T00:00:00Z',
      '2026-01-04T00:00:00Z',
    ]);
  });
});

describe('nextFireTime of recurrence rules', () => {
  it.each([
    [
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-3',
      ['2026-01-28T09:00:00Z', '2026-02-25T09:00:00Z'],
    ],
    ['FREQ=YEARLY;BYWEEKNO=1,53;BYDAY=MO', ['2026-12-28T09:00:00Z', '2027-01-04T09:00:00Z']],
    ['FREQ=YEARLY;BYWEEKNO=20', ['2026-05-14T09:00:00Z', '2027-05-20T09:00:00Z']],
    ['FREQ=YEARLY;BYYEARDAY=-1', ['2026-12-31T09:00:00Z', '2027-12-31T09:00:00Z']],
    ['FREQ=MONTHLY;BYMONTHDAY=-1;BYHOUR=8,20', ['2026-01-31T08:00:00Z', '2026-01-31T20:00:00Z']],
    [
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU',
      ['2026-01-11T09:00:00Z', '2026-01-12T09:00:00Z'],
    ],
    [
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=MO',
      ['2026-01-04T09:00:00Z', '2026-01-12T09:00:00Z'],
    ],
    [
      'FREQ=HOURLY;INTERVAL=5;BYMINUTE=0,30;BYSETPOS=-1',
      ['2026-01-01T09:30:00Z', '2026-01-01T14:30:00Z'],
    ],
    [
      'FREQ=MINUTELY;INTERVAL=45;BYHOUR=9,10',
      ['2026-01-01T09:00:00Z', '2026-01-01T09:45:00Z', '2026-01-01T10:30:00Z'],
    ],
    ['FREQ=DAILY;COUNT=2', ['2026-01-01T09:00:00Z', '2026-01-02T09:00:00Z']],
    ['RRULE:FREQ=DAILY;UNTIL=20260102', ['2026-01-01T09:00:00Z', '2026-01-02T09:00:00Z']],
    ['FREQ=DAILY;UNTIL=20260102T085959', ['2026-01-01T09:00:00Z']],
    ['FREQ=DAILY;BYDAY=SA;COUNT=1', ['2026-01-03T09:00:00Z']],
  ])('reads %s', (rule, fires) => {
    const hasEnd = /COUNT|UNTIL/.test(rule);
    const found = firesFrom(rrule(rule), '2026-01-01T00:00:00Z', fires.length + (hasEnd ? 1 : 0));

    expect(found).toEqual(fires);
  });

  it('adds RDATE and takes EXDATE away, in the zone or in UTC', () => {
    const rule = [
      'RRULE:FREQ=DAILY;COUNT=4',
      'EXDATE;TZID=Europe/Berlin:20260102T090000',
      'EXDATE:20260103T080000Z',
      'RDATE:20260105T120000,20260101T060000Z',
      'RDATE:20260106T120000Z',
    ].join('\n');

    const fires = firesFrom(rrule(rule, { timeZone: 'Europe/Berlin' }), '2026-01-01T00:00:00Z', 9);

    expect(fires).toEqual([
      '2026-01-01T08:00:00Z',
      '2026-01-04T08:00:00Z',
      '2026-01-05T11:00:00Z',
      '2026-01-06T12:00:00Z',
    ]);
  });

  it('runs on the wall clock, and skips or shifts where the clock changes', () => {
    const rule = { startAt: '2026-03-07T02:30:00', timeZone: 'America/New_York' };
    const bounds = ['2026-03-07T00:00:00Z', '2026-03-09T12:00:00Z'] as const;

    expect(firesBetween(rrule('FREQ=DAILY', rule), ...bounds)).toEqual([
      '2026-03-07T07:30:00Z',
      '2026-03-09T06:30:00Z',
    ]);
    expect(firesBetween(rrule('FREQ=DAILY', { ...rule, gap: 'shift' }), ...bounds)).toEqual([
      '2026-03-07T07:30:00Z',
      '2026-03-08T07:30:00Z',
      '2026-03-09T06:30:00Z',
    ]);
  });
});

describe('nextFireTime of combined triggers', () => {
  const interval = (every: number, startAt: string) => ({ kind: 'interval', every, startAt });

  it('fires with any of its triggers, at equal instants once', () => {
    const trigger = aTrigger({
      kind: 'any',
      of: [interval(120, '2026-01-01T00:00:00Z'), interval(180, '2026-01-01T00:00:00Z')],
    });

    expect(firesBetween(trigger, '2026-01-01T00:00:00Z', '2026-01-01T00:06:00Z')).toEqual([
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:02:00Z',
      '2026-01-01T00:03:00Z',
      '2026-01-01T00:04:00Z',
      '2026-01-01T00:06:00Z',
    ]);
  });

  it('fires when all of its triggers do, the threshold included, at the earliest of them', () => {
    const of = [interval(3600, '2026-01-01T00:00:00Z'), interval(7200, '2026-01-01T00:00:30Z')];

    const agreeing = aTrigger({ kind: 'all', of, thresholdSeconds: 30 });
    const apart = aTrigger({ kind: 'all', of, thresholdSeconds: 29, maxIterations: 50 });

    expect(firesFrom(agreeing, '2026-01-01T00:00:00Z', 2)).toEqual([
      '2026-01-01T00:00:00Z',
      '2026-01-01T02:00:00Z',
    ]);
    expect(() => nextFireTime(apart, at('2026-01-01T00:00:00Z'))).toThrow(MaxIterationsReached);
  });

  it('tells triggers that do not agree from exhausted ones, by a code', () => {
    const trigger = aTrigger({
      kind: 'all',
      of: [interval(60, '2026-01-01T00:00:00Z'), { kind: 'once', at: '2026-01-01T00:00:30Z' }],
    });
    const never = aTrigger({
      kind: 'all',
      of: [interval(60, '2026-01-01T00:00:00Z'), interval(60, '2026-01-01T00:00:30Z')],
    });

    expect(nextFireTime(trigger, 0)).toBeUndefined();
    expect(() => nextFireTime(never, 0)).toThrow(
      expect.objectContaining({ code: 'trigger.max-iterations' }),
    );
  });

  it('is bound and excluded as a whole', () => {
    const trigger = aTrigger({
      kind: 'any',
      of: [interval(86_400, '2026-01-01T00:00:00Z')],
      exclude: ['2026-01-02'],
      endAt: '2026-01-03T00:00:00Z',
    });

    expect(firesFrom(trigger, '2026-01-01T00:00:00Z', 9)).toEqual([
      '2026-01-01T00:00:00Z',
      '2026-01-03T00:00:00Z',
    ]);
  });
});
