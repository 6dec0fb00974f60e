import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobKeyOf } from '#shared/domain/job/job-key.ts';
import { nextAttemptAt } from '#shared/domain/job/next-attempt-at.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const retry = { maxAttempts: 5, delay: 10, factor: 3, maxDelay: 60 };
const failed = {
  key: jobKeyOf('daily-sales', FIRE_TIME),
  outcome: 'error',
  attempt: 1,
  retry,
  now: 1_000,
  deliverBy: 2_000,
} as const;

/** The wait of each of a thousand jobs that failed at the same second. */
function waitsAfter(attempt: number): readonly number[] {
  return Array.from({ length: 1_000 }, (_, index) => {
    const key = jobKeyOf('daily-sales', FIRE_TIME + index * 60);
    return (nextAttemptAt({ ...failed, key, attempt }) ?? Number.NaN) - failed.now;
  });
}

describe('nextAttemptAt', () => {
  it.each([
    [1, 10],
    [2, 30],
    [3, 60],
    [4, 60],
  ])('spreads the wait after attempt %i over %i seconds', (attempt, longest) => {
    const waits = waitsAfter(attempt);

    expect([Math.min(...waits), Math.max(...waits)]).toEqual([1, longest]);
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
    expect(Math.abs(mean - (longest + 1) / 2)).toBeLessThan(longest * 0.04);
  });

  it('finds the same wait however often it is asked, and another for another attempt', () => {
    const flat = { ...retry, factor: 1, delay: 86_400, maxDelay: 86_400 };
    const at = (attempt: number) =>
      nextAttemptAt({ ...failed, attempt, retry: flat, deliverBy: 100_000 });

    expect(at(1)).toBe(at(1));
    expect(new Set([1, 2, 3, 4].map(at)).size).toBe(4);
  });

  it('ends with the last attempt of the policy, and at once without one', () => {
    expect(nextAttemptAt({ ...failed, attempt: 5 })).toBeUndefined();
    expect(nextAttemptAt({ ...failed, retry: undefined })).toBeUndefined();
  });

  it('ends where the next attempt would begin after the delivery window', () => {
    const advice = { kind: 'after', seconds: 10 } as const;

    expect(nextAttemptAt({ ...failed, advice, deliverBy: 1_010 })).toBe(1_010);
    expect(nextAttemptAt({ ...failed, advice, deliverBy: 1_009 })).toBeUndefined();
  });

  it('follows failures of the attempt itself, and nothing else', () => {
    const followed = (outcome: 'timed-out' | 'abandoned' | 'success' | 'cancelled') =>
      nextAttemptAt({ ...failed, outcome }) !== undefined;

    expect([followed('timed-out'), followed('abandoned')]).toEqual([true, true]);
    expect([followed('success'), followed('cancelled')]).toEqual([false, false]);
  });

  it('follows the failures that the policy names, where it names some', () => {
    const policy = { ...retry, on: ['timed-out'] } as const;

    expect(nextAttemptAt({ ...failed, retry: policy })).toBeUndefined();
    expect(nextAttemptAt({ ...failed, retry: policy, outcome: 'timed-out' })).toBeDefined();
  });

  it('ends where the task says that no attempt can succeed', () => {
    expect(nextAttemptAt({ ...failed, advice: { kind: 'never' } })).toBeUndefined();
  });

  it('waits as long as the task asks, beyond the longest wait of the policy too', () => {
    const advised = (seconds: number) =>
      nextAttemptAt({ ...failed, advice: { kind: 'after', seconds } });

    expect([advised(0), advised(0.2), advised(600)]).toEqual([1_000, 1_001, 1_600]);
    expect(
      nextAttemptAt({ ...failed, attempt: 5, advice: { kind: 'after', seconds: 1 } }),
    ).toBeUndefined();
  });

  it('is never before now, after the delivery window, or later than the longest wait', () => {
    const policy = fc.record({
      maxAttempts: fc.integer({ min: 1, max: 100 }),
      delay: fc.integer({ min: 0, max: 86_400 }),
      factor: fc.double({ min: 1, max: 10, noNaN: true }),
      maxDelay: fc.integer({ min: 0, max: 86_400 }),
    });
    fc.assert(
      fc.property(policy, fc.integer({ min: 1, max: 99 }), (anyRetry, attempt) => {
        const at = nextAttemptAt({ ...failed, retry: anyRetry, attempt, deliverBy: 40_000 });

        if (at === undefined) return;
        expect(at).toBeGreaterThanOrEqual(1_000);
        expect(at).toBeLessThanOrEqual(Math.min(1_000 + anyRetry.maxDelay, 40_000));
      }),
    );
  });
});
