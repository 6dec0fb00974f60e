import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { evaluateExpression } from '#local/services/scheduler/evaluate-expression.ts';
import { DEFAULT_CHOICES } from '#local/services/scheduler/undocumented-choices.ts';

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

/** The first `count` times after an instant, in ISO without milliseconds. */
function times(
  expression: string,
  { timeZone, after, count }: { timeZone: string; after: string; count: number },
): string[] {
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
    expect(
      times(one.expression, {
        timeZone: one.timeZone,
        after: one.after,
        count: Math.max(one.fires.length, 1),
      }),
    ).toEqual(one.fires);
  });

  it.each(oracle.accepted)('takes %s, as AWS was recorded to', (expression) => {
    expect(() => evaluateExpression(expression, 'UTC')).not.toThrow();
  });

  it.each(oracle.rejected)('refuses %s in the words that AWS was recorded to use', (expression) => {
    expect(() => evaluateExpression(expression, 'UTC')).toThrow(
      new RangeError(`Invalid Schedule Expression ${expression}.`),
    );
  });
});

describe('evaluateExpression: clock changes', () => {
  it('skips every time of a minutely cron that the gap removes', () => {
    expect(
      times('cron(*/20 * * * ? *)', {
        timeZone: 'Europe/Berlin',
        after: '2026-03-29T00:30:00Z',
        count: 4,
      }),
    ).toEqual([
      '2026-03-29T00:40:00Z',
      '2026-03-29T01:00:00Z',
      '2026-03-29T01:20:00Z',
      '2026-03-29T01:40:00Z',
    ]);
  });

  it('is silent during the second pass of a fold', () => {
    expect(
      times('cron(*/30 * * * ? *)', {
        timeZone: 'America/New_York',
        after: '2026-11-01T05:00:00Z',
        count: 3,
      }),
    ).toEqual(['2026-11-01T05:30:00Z', '2026-11-01T07:00:00Z', '2026-11-01T07:30:00Z']);
  });

  it('finds the next time from within the second pass of a fold', () => {
    expect(
      times('cron(45 * * * ? *)', {
        timeZone: 'America/New_York',
        after: '2026-11-01T06:20:00Z',
        count: 1,
      }),
    ).toEqual(['2026-11-01T07:45:00Z']);
  });

  it('knows the half-hour clock change of Lord Howe Island', () => {
    expect(
      times('cron(15 2 * * ? *)', {
        timeZone: 'Australia/Lord_Howe',
        after: '2026-10-03T00:00:00Z',
        count: 2,
      }),
    ).toEqual(['2026-10-04T15:15:00Z', '2026-10-05T15:15:00Z']);
    expect(
      times('cron(45 1 * * ? *)', {
        timeZone: 'Australia/Lord_Howe',
        after: '2026-04-04T00:00:00Z',
        count: 2,
      }),
    ).toEqual(['2026-04-04T14:45:00Z', '2026-04-05T15:15:00Z']);
  });

  it('skips the midnight that Cairo and Santiago leave out', () => {
    expect(
      times('cron(0 0 * * ? *)', {
        timeZone: 'Africa/Cairo',
        after: '2026-04-22T22:00:00Z',
        count: 2,
      }),
    ).toEqual(['2026-04-24T21:00:00Z', '2026-04-25T21:00:00Z']);
    expect(
      times('cron(30 0 * * ? *)', {
        timeZone: 'America/Santiago',
        after: '2026-09-05T05:00:00Z',
        count: 1,
      }),
    ).toEqual(['2026-09-07T03:30:00Z']);
  });

  it('skips the day that Samoa left out', () => {
    expect(
      times('cron(0 12 * * ? *)', {
        timeZone: 'Pacific/Apia',
        after: '2011-12-29T00:00:00Z',
        count: 2,
      }),
    ).toEqual(['2011-12-29T22:00:00Z', '2011-12-30T22:00:00Z']);
  });

  it('moves an at() in a gap by the length of the gap, or drops it where AWS is set to', () => {
    const gap = 'at(2026-03-29T02:30:00)';
    const dropping = { ...DEFAULT_CHOICES, atInGap: 'never-fire' } as const;

    expect(
      times(gap, { timeZone: 'Europe/Berlin', after: '2026-01-01T00:00:00Z', count: 2 }),
    ).toEqual(['2026-03-29T01:30:00Z']);
    expect(evaluateExpression(gap, 'Europe/Berlin', dropping).next(0)).toBeUndefined();
  });

  it('takes the first of the two instants of an at() in a fold', () => {
    expect(
      times('at(2026-10-25T02:30:00)', {
        timeZone: 'Europe/Berlin',
        after: '2026-01-01T00:00:00Z',
        count: 2,
      }),
    ).toEqual(['2026-10-25T00:30:00Z']);
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
