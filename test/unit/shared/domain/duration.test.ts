import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration } from '#shared/domain/duration.ts';

describe('parseDuration', () => {
  it.each([
    [0, 0],
    [90, 90],
    ['0s', 0],
    ['90s', 90],
    ['15m', 900],
    ['2h', 7_200],
    ['7d', 604_800],
    ['1w', 604_800],
    ['PT90S', 90],
    ['PT15M', 900],
    ['PT1H30M', 5_400],
    ['P7D', 604_800],
    ['P1W', 604_800],
    ['P1DT2H3M4S', 93_784],
  ])('reads %j as %i seconds', (value, seconds) => {
    expect(parseDuration(value)).toBe(seconds);
  });

  it.each([
    [-1],
    [1.5],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [2 ** 53],
    [''],
    ['90'],
    ['7 days'],
    ['7D'],
    ['-7d'],
    ['1.5h'],
    [' 7d'],
    ['7d\n'],
    ['P'],
    ['PT'],
    ['P1DT'],
    ['P1M'],
    ['P1Y'],
    ['pt1h'],
    ['NaN'],
    [null],
    [undefined],
    [true],
    [[60]],
    [{ seconds: 60 }],
  ])('refuses %j', (value) => {
    expect(parseDuration(value)).toBeUndefined();
  });

  it('reads whole seconds alike, however they are written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), (seconds) => {
        expect(parseDuration(`${seconds}s`)).toBe(seconds);
        expect(parseDuration(`PT${seconds}S`)).toBe(seconds);
        expect(parseDuration(seconds)).toBe(seconds);
      }),
    );
  });
});
