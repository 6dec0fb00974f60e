import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENT_LIMITS, hasPlace } from '#local/services/lambda/environment-limits.ts';

describe('hasPlace', () => {
  it.each([
    [0, 12],
    [1, 14],
    [2, 15],
    [3, 16],
    [9, 16],
  ])('lets calls at depth %i fill %i of 16 places', (depth, places) => {
    const has = (inAll: number) => hasPlace({ ofFunction: 0, inAll }, depth, ENVIRONMENT_LIMITS);

    expect([has(places - 1), has(places)]).toEqual([true, false]);
  });

  it('gives one function at most 8', () => {
    const has = (ofFunction: number) => hasPlace({ ofFunction, inAll: 8 }, 0, ENVIRONMENT_LIMITS);

    expect([has(7), has(8)]).toEqual([true, false]);
  });

  it('always leaves a place to a call by one of those inside, three deep', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 60 }), (depths) => {
        let inAll = 0;
        for (const depth of depths)
          if (hasPlace({ ofFunction: 0, inAll }, depth, ENVIRONMENT_LIMITS)) inAll += 1;

        expect(hasPlace({ ofFunction: 0, inAll }, 3, ENVIRONMENT_LIMITS)).toBe(true);
      }),
    );
  });
});
