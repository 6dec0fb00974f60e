import { describe, expect, it } from 'vitest';
import { nextAttemptAt } from '#shared/domain/job/next-attempt-at.ts';

const retry = { maxAttempts: 5, delay: 10, factor: 3, maxDelay: 60 };
const failed = { outcome: 'error', attempt: 1, retry, now: 1_000, deliverBy: 2_000 } as const;

describe('nextAttemptAt', () => {
  it('waits longer after each attempt, up to the longest wait', () => {
    const waits = [1, 2, 3, 4].map((attempt) => nextAttemptAt({ ...failed, attempt }));

    expect(waits).toEqual([1_010, 1_030, 1_060, 1_060]);
  });

  it('ends with the last attempt of the policy, and at once without one', () => {
    expect(nextAttemptAt({ ...failed, attempt: 5 })).toBeUndefined();
    expect(nextAttemptAt({ ...failed, retry: undefined })).toBeUndefined();
  });

  it('ends where the next attempt would begin after the delivery window', () => {
    expect(nextAttemptAt({ ...failed, deliverBy: 1_010 })).toBe(1_010);
    expect(nextAttemptAt({ ...failed, deliverBy: 1_009 })).toBeUndefined();
  });

  it('follows failures of the attempt itself, and nothing else', () => {
    expect(nextAttemptAt({ ...failed, outcome: 'timed-out' })).toBe(1_010);
    expect(nextAttemptAt({ ...failed, outcome: 'abandoned' })).toBe(1_010);
    expect(nextAttemptAt({ ...failed, outcome: 'success' })).toBeUndefined();
    expect(nextAttemptAt({ ...failed, outcome: 'cancelled' })).toBeUndefined();
  });
});
