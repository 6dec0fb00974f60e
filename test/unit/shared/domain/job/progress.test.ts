import { describe, expect, it } from 'vitest';
import { describeProgress } from '#shared/domain/job/progress.ts';
import { utf8Bytes } from '#shared/domain/result/utf8.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

describe('describeProgress', () => {
  it('says how far, in what words, and when', () => {
    expect(describeProgress(0.123_456, 'half way', FIRE_TIME)).toEqual({
      fraction: 0.1235,
      note: 'half way',
      at: '2026-11-23T09:00:00Z',
    });
  });

  it.each([
    [-1, 0],
    [Number.NaN, 0],
    [1.5, 1],
    [Number.POSITIVE_INFINITY, 1],
  ])('takes a fraction of %d for %d', (fraction, taken) => {
    expect(describeProgress(fraction, undefined, FIRE_TIME).fraction).toBe(taken);
  });

  it('cuts a long note', () => {
    const { note = '' } = describeProgress(0, '€'.repeat(500), FIRE_TIME);

    expect(utf8Bytes(note)).toBeLessThanOrEqual(128);
    expect(utf8Bytes(note)).toBeGreaterThan(120);
  });
});
