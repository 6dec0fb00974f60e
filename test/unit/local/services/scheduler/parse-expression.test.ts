import { describe, expect, it } from 'vitest';
import { evaluateExpression } from '#local/services/scheduler/evaluate-expression.ts';
import { DEFAULT_CHOICES } from '#local/services/scheduler/undocumented-choices.ts';

function isAccepted(expression: string, choices = DEFAULT_CHOICES): boolean {
  try {
    evaluateExpression(expression, 'UTC', choices);
    return true;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return false;
  }
}

describe('the grammar of schedule expressions', () => {
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
