import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MOST_BINS,
  mergeSketches,
  quantileOf,
  RELATIVE_ACCURACY,
  type Sketch,
  sketchOf,
} from '#shared/domain/rollup/sketch.ts';
import { decodeSketch, encodeSketch } from '#shared/domain/rollup/sketch-bytes.ts';

/** What metrics measure: times, amounts, counts; and all else that is counted. */
const anyValue = fc.oneof(
  fc.double({ min: 0.1, max: 10_000, noNaN: true }),
  fc.integer({ min: -1_000, max: 1_000 }),
  fc.constantFrom(0, 1, -1, 1e-100, -1e-100, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
  fc
    .tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: -90, max: 15 }))
    .map(([mantissa, exponent]) => mantissa * 10 ** exponent)
    .filter((value) => Math.abs(value) >= 1e-100),
);
const anyValues = fc.array(anyValue, { minLength: 1, maxLength: 60 });

/** Values that fill more bins than there may be: far apart, on both sides of zero. */
const anyScattered = fc
  .uniqueArray(fc.integer({ min: -4_000, max: 700 }), { minLength: 600, maxLength: 650 })
  .map((powers) => powers.map((power, at) => (at % 3 === 0 ? -1 : 1) * 1.05 ** power));

function sketchOfAll(values: readonly number[]): Sketch {
  const [first] = values;
  if (first === undefined) return [];
  if (values.length === 1) return sketchOf(first);
  const half = values.length >> 1;
  return mergeSketches(sketchOfAll(values.slice(0, half)), sketchOfAll(values.slice(half)));
}

describe('a sketch', () => {
  it('tells every quantile to within one part in a hundred of the exact one', () => {
    fc.assert(
      fc.property(anyValues, fc.double({ min: 0, max: 1, noNaN: true }), (values, part) => {
        const sorted = values.toSorted((one, other) => one - other);
        const exact = sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN;

        const told = quantileOf(sketchOfAll(values), part);

        // A rounding of the logarithm may put a value at the edge of a bin into the next.
        const most = Math.abs(exact) * RELATIVE_ACCURACY * (1 + 1e-9);
        expect(Math.abs(told - exact)).toBeLessThanOrEqual(most);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same in whatever order and by whichever parts values are brought together', () => {
    fc.assert(
      fc.property(
        fc.oneof(anyValues, anyScattered),
        fc.nat({ max: 700 }),
        fc.nat({ max: 700 }),
        (values, one, other) => {
          const [low, high] = [Math.min(one, other), Math.max(one, other)];
          const parts = [values.slice(0, low), values.slice(low, high), values.slice(high)];
          const [a = [], b = [], c = []] = parts.map(sketchOfAll);

          const whole = sketchOfAll(values);

          expect(mergeSketches(mergeSketches(a, b), c)).toEqual(whole);
          expect(mergeSketches(a, mergeSketches(b, c))).toEqual(whole);
          expect(mergeSketches(c, mergeSketches(b, a))).toEqual(whole);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('has a bound, counts every value, and knows the upper quantiles of scattered ones still', () => {
    fc.assert(
      fc.property(anyScattered, (values) => {
        const sketch = sketchOfAll(values);

        expect(sketch).toHaveLength(MOST_BINS);
        expect(sketch.reduce((sum, [, count]) => sum + count, 0)).toBe(values.length);
        const sorted = values.toSorted((one, other) => one - other);
        const exact = sorted[Math.floor(0.95 * (sorted.length - 1))] ?? Number.NaN;
        expect(Math.abs(quantileOf(sketch, 0.95) / exact - 1)).toBeLessThan(0.010_001);
      }),
      { numRuns: 20 },
    );
  });

  it('is read back from its bytes, with counts of any size', () => {
    const anySketch = fc
      .uniqueArray(
        fc.tuple(
          fc.integer({ min: -14_000, max: 14_000 }),
          fc.maxSafeNat().map((n) => n + 1),
        ),
        { selector: ([key]) => key },
      )
      .map((bins) => bins.toSorted(([one], [other]) => one - other));

    fc.assert(
      fc.property(anySketch, (sketch) => {
        expect(decodeSketch(encodeSketch(sketch))).toEqual(sketch);
      }),
    );
  });
});

describe('encodeSketch', () => {
  it('takes two bytes for most bins', () => {
    const hour = Array.from({ length: 60 }, (_, minute) => 200 + ((minute * 37) % 60) * 5);

    const bytes = encodeSketch(sketchOfAll(hour));

    expect(bytes.byteLength).toBeLessThan(110);
  });

  it('keeps twenty metrics of the widest spread and the largest counts far below what an item may have', () => {
    const widest = Array.from({ length: MOST_BINS }, (_, at): [number, number] => [
      -13_000 + at * 50,
      Number.MAX_SAFE_INTEGER,
    ]);

    expect(encodeSketch(widest).byteLength * 20).toBeLessThan(110 * 1_024);
  });
});
