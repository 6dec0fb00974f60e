import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { evaluateExpression } from '#local/services/scheduler/evaluate-expression.ts';
import { DEFAULT_CHOICES } from '#local/services/scheduler/undocumented-choices.ts';
import { wallTimeOf } from '#local/services/scheduler/zone-time.ts';

const oracle = z
  .object({
    accepted: z.array(z.string()),
    rejected: z.array(z.string()),
    cases: z.array(
      z.object({
        id: z.string(),
        expression: z.string(),
        timeZone: z.string(),
        after: z.string(),
        fires: z.array(z.string()),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync('test/oracle/aws-cron.json', 'utf8')));

function isAccepted(expression: string, choices = DEFAULT_CHOICES): boolean {
  try {
    evaluateExpression(expression, 'UTC', choices);
    return true;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return false;
  }
}

/** The first `count` times after an instant, in ISO without milliseconds. */
function times(expression: string, timeZone: string, after: string, count: number): string[] {
  const evaluation = evaluateExpression(expression, timeZone);
  const found: string[] = [];
  let afterMs = Date.parse(after);
  while (found.length < count) {
    const next = evaluation.next(afterMs);
    if (next === undefined) break;
    found.push(new Date(next).toISOString().replace('.000', ''));
    afterMs = next;
  }
  return found;
}

describe('evaluateExpression: the recorded cases', () => {
  it.each(oracle.cases)('gives the times of $id $expression in $timeZone', (one) => {
    expect(times(one.expression, one.timeZone, one.after, Math.max(one.fires.length, 1))).toEqual(
      one.fires,
    );
  });

  it.each(oracle.accepted)('takes %s, as AWS was recorded to', (expression) => {
    expect(isAccepted(expression)).toBe(true);
  });

  it.each(oracle.rejected)('refuses %s in the words that AWS was recorded to use', (expression) => {
    expect(() => evaluateExpression(expression, 'UTC')).toThrow(
      new RangeError(`Invalid Schedule Expression ${expression}.`),
    );
  });
});

describe('evaluateExpression: the grammar', () => {
  it.each([
    'rate(1 minutes)',
    'rate(2 minute)',
    'rate(1minute)',
    'RATE(5 minutes)',
    'AT(2030-01-01T00:00:00)',
    'at(2030-01-01T00:00)',
    'at(2028-02-29T00:00:00)',
    'cron(0 12 * * ?)',
    'CRON(0 12 * * ? *)',
    'cron(0 12 L * ? *)',
    'cron(0 12 1W * ? *)',
    'cron(0 12 ? * 3L *)',
    'cron(0 12 ? * FRIL *)',
    'cron(0 12 ? * TUE#2 *)',
    'cron(0 12 ? JAN-mar mon *)',
    'cron(0 12 1 1 ? 2300)',
  ])('takes %s', (expression) => {
    expect(isAccepted(expression)).toBe(true);
  });

  it.each([
    '',
    'every minute',
    'rate(0 minutes)',
    'rate(1.5 minutes)',
    'rate(5 weeks)',
    'rate(99999999999999 days)',
    'at(2026-02-29T00:00:00)',
    'at(2026-13-01T00:00:00)',
    'at(2026-01-01T24:00:00)',
    'at(2026-01-01 00:00:00)',
    'at(2026-01-01T00:00:00.000)',
    'at(2026-01-01T00:00:00+01:00)',
    'cron(0 12 * *)',
    'cron(0 12 * * ? * *)',
    'cron( 0 12 * * ? *)',
    'cron(60 12 * * ? *)',
    'cron(0 24 * * ? *)',
    'cron(0 12 0 * ? *)',
    'cron(0 12 32 * ? *)',
    'cron(0 12 * 0 ? *)',
    'cron(0 12 * 13 ? *)',
    'cron(0 12 ? * 0 *)',
    'cron(0 12 ? * 8 *)',
    'cron(0 12 ? * 3#0 *)',
    'cron(0 12 ? * 3#6 *)',
    'cron(0 12 ? * 3#1,6#3 *)',
    'cron(0 12 ? * MON,6#3 *)',
    'cron(0 12 ? * ? *)',
    'cron(0 12 1 * MON *)',
    'cron(0 12 ? ? MON *)',
    'cron(? 12 ? * MON *)',
    'cron(0 12 ?/2 * * *)',
    'cron(0/0 12 * * ? *)',
    'cron(0/60 12 * * ? *)',
    'cron(*,5 12 * * ? *)',
    'cron(5, 12 * * ? *)',
    'cron(5-1 12 * * ? *)',
    'cron(-5 12 * * ? *)',
    'cron(0 12 L-3 * ? *)',
    'cron(0 12 LW * ? *)',
    'cron(0 12 W * ? *)',
    'cron(0 12 32W * ? *)',
    'cron(0 12 ? * FRI-MON *)',
    'cron(0 12 ? * 8L *)',
    'cron(0 12 ? * 3W *)',
    'cron(0 12 ? * MONDAY *)',
    'cron(0 12 1 JAN,FOO ? *)',
    'cron(0 12 1 1 ? 26)',
  ])('refuses %s', (expression) => {
    expect(isAccepted(expression)).toBe(false);
  });

  it('refuses a cron expression without its year where AWS is set to want it', () => {
    expect(isAccepted('cron(0 12 * * ?)', { ...DEFAULT_CHOICES, fiveFieldCron: 'reject' })).toBe(
      false,
    );
  });

  it('refuses lower-case names where AWS is set to want them upper-case', () => {
    const choices = { ...DEFAULT_CHOICES, nameCase: 'upper' } as const;

    expect(isAccepted('cron(0 12 ? * mon *)', choices)).toBe(false);
    expect(isAccepted('cron(0 12 ? * MON *)', choices)).toBe(true);
  });

  it('lets two restricted day fields match either or both where AWS is set to take them', () => {
    const thirteenthOrFriday = 'cron(0 0 13 * FRI *)';
    const afterMs = Date.parse('2026-01-31T00:00:00Z');

    const either = evaluateExpression(thirteenthOrFriday, 'UTC', {
      ...DEFAULT_CHOICES,
      bothDayFields: 'either',
    });
    const both = evaluateExpression(thirteenthOrFriday, 'UTC', {
      ...DEFAULT_CHOICES,
      bothDayFields: 'both',
    });

    expect(either.next(afterMs)).toBe(Date.parse('2026-02-06T00:00:00Z'));
    expect(both.next(afterMs)).toBe(Date.parse('2026-02-13T00:00:00Z'));
    expect(isAccepted('cron(0 1 * * * *)', { ...DEFAULT_CHOICES, bothDayFields: 'either' })).toBe(
      false,
    );
  });

  it('wraps a reversed range where AWS is set to take it', () => {
    const choices = { ...DEFAULT_CHOICES, reversedRanges: 'wrap' } as const;
    const nightly = evaluateExpression('cron(0 22-1 ? * SAT-SUN *)', 'UTC', choices);

    const saturday = nightly.next(Date.parse('2026-01-01T00:00:00Z')) ?? 0;

    expect(new Date(saturday).toISOString()).toBe('2026-01-03T00:00:00.000Z');
    expect(nightly.next(Date.parse('2026-01-03T01:00:00Z'))).toBe(
      Date.parse('2026-01-03T22:00:00Z'),
    );
    expect(nightly.next(Date.parse('2026-01-04T23:00:00Z'))).toBe(
      Date.parse('2026-01-10T00:00:00Z'),
    );
  });

  it('finds the last weekday of a month where AWS is set to take LW', () => {
    const payday = evaluateExpression('cron(0 9 LW * ? *)', 'UTC', {
      ...DEFAULT_CHOICES,
      lastWeekday: 'accept',
    });

    expect(payday.next(Date.parse('2026-01-01T00:00:00Z'))).toBe(
      Date.parse('2026-01-30T09:00:00Z'),
    );
  });
});

describe('evaluateExpression: clock changes', () => {
  it('skips every time of a minutely cron that the gap removes', () => {
    expect(times('cron(*/20 * * * ? *)', 'Europe/Berlin', '2026-03-29T00:30:00Z', 4)).toEqual([
      '2026-03-29T00:40:00Z',
      '2026-03-29T01:00:00Z',
      '2026-03-29T01:20:00Z',
      '2026-03-29T01:40:00Z',
    ]);
  });

  it('is silent during the second pass of a fold', () => {
    expect(times('cron(*/30 * * * ? *)', 'America/New_York', '2026-11-01T05:00:00Z', 3)).toEqual([
      '2026-11-01T05:30:00Z',
      '2026-11-01T07:00:00Z',
      '2026-11-01T07:30:00Z',
    ]);
  });

  it('finds the next time from within the second pass of a fold', () => {
    expect(times('cron(45 * * * ? *)', 'America/New_York', '2026-11-01T06:20:00Z', 1)).toEqual([
      '2026-11-01T07:45:00Z',
    ]);
  });

  it('knows the half-hour clock change of Lord Howe Island', () => {
    expect(times('cron(15 2 * * ? *)', 'Australia/Lord_Howe', '2026-10-03T00:00:00Z', 2)).toEqual([
      '2026-10-04T15:15:00Z',
      '2026-10-05T15:15:00Z',
    ]);
    expect(times('cron(45 1 * * ? *)', 'Australia/Lord_Howe', '2026-04-04T00:00:00Z', 2)).toEqual([
      '2026-04-04T14:45:00Z',
      '2026-04-05T15:15:00Z',
    ]);
  });

  it('skips the midnight that Cairo and Santiago leave out', () => {
    expect(times('cron(0 0 * * ? *)', 'Africa/Cairo', '2026-04-22T22:00:00Z', 2)).toEqual([
      '2026-04-24T21:00:00Z',
      '2026-04-25T21:00:00Z',
    ]);
    expect(times('cron(30 0 * * ? *)', 'America/Santiago', '2026-09-05T05:00:00Z', 1)).toEqual([
      '2026-09-07T03:30:00Z',
    ]);
  });

  it('skips the day that Samoa left out', () => {
    expect(times('cron(0 12 * * ? *)', 'Pacific/Apia', '2011-12-29T00:00:00Z', 2)).toEqual([
      '2011-12-29T22:00:00Z',
      '2011-12-30T22:00:00Z',
    ]);
  });

  it('moves an at() in a gap by the length of the gap, or drops it where AWS is set to', () => {
    const gap = 'at(2026-03-29T02:30:00)';
    const dropping = { ...DEFAULT_CHOICES, atInGap: 'never-fire' } as const;

    expect(times(gap, 'Europe/Berlin', '2026-01-01T00:00:00Z', 2)).toEqual([
      '2026-03-29T01:30:00Z',
    ]);
    expect(evaluateExpression(gap, 'Europe/Berlin', dropping).next(0)).toBeUndefined();
  });

  it('takes the first of the two instants of an at() in a fold', () => {
    expect(times('at(2026-10-25T02:30:00)', 'Europe/Berlin', '2026-01-01T00:00:00Z', 2)).toEqual([
      '2026-10-25T00:30:00Z',
    ]);
  });
});

describe('evaluateExpression: bounds', () => {
  it('gives a cron time that falls on StartDate or EndDate, and none outside', () => {
    const hourly = evaluateExpression('cron(0 * * * ? *)', 'UTC');
    const startMs = Date.parse('2026-01-01T03:00:00Z');
    const endMs = Date.parse('2026-01-01T04:00:00Z');

    expect(hourly.next(0, { startMs, endMs })).toBe(startMs);
    expect(hourly.next(startMs, { startMs, endMs })).toBe(endMs);
    expect(hourly.next(endMs, { startMs, endMs })).toBeUndefined();
  });

  it('counts a rate from its StartDate, rounded up to the second, over a clock change', () => {
    const daily = evaluateExpression('rate(1 day)', 'America/New_York');
    const startMs = Date.parse('2026-03-07T12:00:00.250Z');
    const first = Date.parse('2026-03-07T12:00:01Z');

    expect(daily.next(0, { startMs })).toBe(first);
    expect(daily.next(first, { startMs })).toBe(first + 86_400_000);
    expect(daily.next(first + 86_400_000, { startMs })).toBe(Date.parse('2026-03-09T12:00:01Z'));
    expect(daily.next(first, { startMs, endMs: first + 86_399_999 })).toBeUndefined();
  });

  it('counts a rate without StartDate from the second that holds its anchor', () => {
    const rate = evaluateExpression('rate(5 minutes)', 'UTC');
    const anchorMs = Date.parse('2026-01-01T00:00:00.700Z');

    expect(rate.next(anchorMs - 1000, { anchorMs })).toBe(Date.parse('2026-01-01T00:00:00Z'));
    expect(rate.next(anchorMs, { anchorMs })).toBe(Date.parse('2026-01-01T00:05:00Z'));
  });

  it('ignores StartDate and EndDate for an at()', () => {
    const once = evaluateExpression('at(2026-01-01T00:00:00)', 'UTC');

    expect(once.next(0, { startMs: Date.parse('2027-01-01T00:00:00Z'), endMs: 5 })).toBe(
      Date.parse('2026-01-01T00:00:00Z'),
    );
  });

  it.each([
    'cron(0 0 30 2 ? *)',
    'cron(0 0 1 1 ? 1960)',
    'cron(0 0 1 1 ? 2200)',
    'cron(0 0 29 2 ? 2100)',
  ])('finds out that %s is never due', (expression) => {
    expect(evaluateExpression(expression, 'UTC').next(0)).toBeUndefined();
  });
});

describe('evaluateExpression: against a scan of every minute', () => {
  const zones = ['UTC', 'Australia/Lord_Howe', 'America/Santiago', 'Africa/Cairo', 'Europe/London'];
  const minutes = fc.oneof(
    fc.integer({ min: 0, max: 59 }).map((m) => ({ text: `${m}`, has: (v: number) => v === m })),
    fc
      .integer({ min: 7, max: 59 })
      .map((n) => ({ text: `*/${n}`, has: (v: number) => v % n === 0 })),
    fc
      .tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 29 }))
      .map(([a, n]) => ({ text: `${a}/${n}`, has: (v: number) => v >= a && (v - a) % n === 0 })),
  );
  const hours = fc.oneof(
    fc.constant({ text: '*', has: () => true }),
    fc.integer({ min: 0, max: 3 }).map((h) => ({ text: `${h}`, has: (v: number) => v === h })),
    fc
      .tuple(fc.integer({ min: 0, max: 11 }), fc.integer({ min: 12, max: 23 }))
      .map(([a, b]) => ({
        text: `${a}-${b}/3`,
        has: (v: number) => v >= a && v <= b && (v - a) % 3 === 0,
      })),
  );

  it('gives the wall-clock times that match, each at its first instant, and no other', () => {
    fc.assert(
      fc.property(
        minutes,
        hours,
        fc.constantFrom(...zones),
        // Days that hold the clock changes of the zones, and one that holds none.
        fc.constantFrom(
          '2026-03-29',
          '2026-10-25',
          '2026-04-05',
          '2026-10-04',
          '2026-09-06',
          '2026-04-24',
          '2026-10-30',
          '2026-06-01',
        ),
        (minute, hour, timeZone, day) => {
          const fromMs = Date.parse(`${day}T00:00:00Z`) - 18 * 3_600_000;
          const toMs = fromMs + 40 * 3_600_000;
          const seen = new Set<number>();
          const expected: number[] = [];
          for (let ms = fromMs - 7_200_000; ms <= toMs; ms += 60_000) {
            const wallMs = wallTimeOf(ms, timeZone);
            const wall = new Date(wallMs);
            if (!minute.has(wall.getUTCMinutes()) || !hour.has(wall.getUTCHours())) continue;
            if (!seen.has(wallMs) && ms > fromMs) expected.push(ms);
            seen.add(wallMs);
          }
          const evaluation = evaluateExpression(
            `cron(${minute.text} ${hour.text} * * ? *)`,
            timeZone,
          );
          const found: number[] = [];
          for (
            let ms = evaluation.next(fromMs);
            ms !== undefined && ms <= toMs;
            ms = evaluation.next(ms)
          )
            found.push(ms);
          expect(found).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives the days that match the day fields, for years', () => {
    const days = fc.oneof(
      fc
        .integer({ min: 1, max: 31 })
        .map((d) => ({ text: `${d} * ?`, has: (day: Date) => day.getUTCDate() === d })),
      fc.constant({
        text: 'L * ?',
        has: (day: Date) => new Date(day.getTime() + 86_400_000).getUTCDate() === 1,
      }),
      fc
        .integer({ min: 1, max: 31 })
        .map((d) => ({ text: `${d}W * ?`, has: (day: Date) => isNearestWeekday(day, d) })),
      fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 5 })).map(([w, n]) => ({
        text: `? * ${w}#${n}`,
        has: (day: Date) => day.getUTCDay() === w - 1 && Math.ceil(day.getUTCDate() / 7) === n,
      })),
      fc.integer({ min: 1, max: 7 }).map((w) => ({
        text: `? * ${w}L`,
        has: (day: Date) =>
          day.getUTCDay() === w - 1 && new Date(day.getTime() + 7 * 86_400_000).getUTCDate() <= 7,
      })),
      fc.integer({ min: 1, max: 12 }).map((m) => ({
        text: `? ${m} MON-FRI`,
        has: (day: Date) => day.getUTCMonth() === m - 1 && day.getUTCDay() % 6 !== 0,
      })),
    );
    fc.assert(
      fc.property(days, fc.integer({ min: 1999, max: 2100 }), (rule, year) => {
        const expected: number[] = [];
        for (let ms = Date.UTC(year, 0); ms < Date.UTC(year + 2, 0); ms += 86_400_000)
          if (rule.has(new Date(ms))) expected.push(ms);
        const evaluation = evaluateExpression(`cron(0 0 ${rule.text} *)`, 'UTC');
        const found: number[] = [];
        const bounds = { endMs: Date.UTC(year + 2, 0) - 1 };
        let next = evaluation.next(Date.UTC(year, 0) - 1, bounds);
        for (; next !== undefined; next = evaluation.next(next, bounds)) found.push(next);
        expect(found).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});

/** The weekday nearest to the d-th, never in another month; months without a d-th have none. */
function isNearestWeekday(day: Date, d: number): boolean {
  const lastDay = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
  if (d > lastDay) return false;
  const weekday = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), d)).getUTCDay();
  let nearest = d;
  if (weekday === 6) nearest = d === 1 ? 3 : d - 1;
  if (weekday === 0) nearest = d === lastDay ? d - 2 : d + 1;
  return day.getUTCDate() === nearest;
}
