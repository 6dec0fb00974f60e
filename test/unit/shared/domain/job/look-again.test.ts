import { describe, expect, it } from 'vitest';
import { lookAgainAfter } from '#shared/domain/job/look-again.ts';

describe('lookAgainAfter', () => {
  it('waits half as long as a job is late, from 15 s to 15 minutes', () => {
    expect([-5, 0, 30, 31, 600, 1_800, 86_400].map(lookAgainAfter)).toEqual([
      15, 15, 15, 16, 300, 900, 900,
    ]);
  });
});
