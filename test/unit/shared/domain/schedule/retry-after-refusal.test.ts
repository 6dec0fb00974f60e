import { describe, expect, it } from 'vitest';
import { retryAfterRefusal } from '#shared/domain/schedule/retry-after-refusal.ts';

describe('retryAfterRefusal', () => {
  it.each([
    [1, 5],
    [2, 10],
    [3, 20],
    [8, 640],
    [9, 900],
    [99, 900],
  ])('after refusal %i waits %i seconds', (attempts, seconds) => {
    expect(retryAfterRefusal(attempts, 1_000)).toBe(1_000 + seconds);
  });

  it('gives up after a day', () => {
    expect(retryAfterRefusal(100, 1_000)).toBeUndefined();
  });
});
