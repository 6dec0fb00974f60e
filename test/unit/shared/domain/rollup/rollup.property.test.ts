import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MeasuredJob, type Rollup, rollUp } from '#shared/domain/rollup/rollup.ts';
import { comparableSequence } from '#shared/domain/usage/usage.ts';

const NAMES = ['latencyMs', 'rows', 'constructor'] as const;

const anyValues = fc.dictionary(
  fc.constantFrom(...NAMES),
  fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((value) => value + 0),
  { minKeys: 1 },
);

/** A schedule's measured jobs of one hour, in the stream's order. */
const anyHistory = fc.array(anyValues, { minLength: 1, maxLength: 12 }).map((all) =>
  all.map(
    (values, at): MeasuredJob => ({
      // From nine digits to ten: order of text alone would be wrong.
      sequence: comparableSequence(String(999_999_995 + at)),
      finishedAt: 1_000_000 + at,
      measured: { values },
    }),
  ),
);

/** Deliveries that together bring every job, in the stream's order, with batches repeated, split and overlapping. */
const anyDeliveries = anyHistory.chain((history) =>
  fc.record({
    history: fc.constant(history),
    deliveries: fc
      .array(fc.tuple(fc.nat({ max: history.length }), fc.nat({ max: 5 })), { maxLength: 8 })
      .map((cuts) => {
        const batches: (readonly MeasuredJob[])[] = [];
        let reached = 0;
        for (const [length, back] of cuts) {
          const from = Math.max(0, reached - back);
          batches.push(history.slice(from, from + length));
          reached = Math.max(reached, from + length);
        }
        return [...batches, history.slice(Math.max(0, reached - 2))];
      }),
  }),
);

describe('rollUp', () => {
  it('is exact under batches that are repeated, split and overlapping', () => {
    fc.assert(
      fc.property(anyDeliveries, ({ history, deliveries }) => {
        const counted = deliveries.reduce<Rollup | undefined>(rollUp, undefined);

        // To the last bit of the sums, and every bin.
        expect(counted).toEqual(rollUp(undefined, history));
        for (const name of NAMES) {
          const values = history.flatMap(({ measured }) =>
            Object.hasOwn(measured.values, name) ? [measured.values[name] ?? 0] : [],
          );
          const sum = counted?.metrics.get(name);
          expect(sum?.count ?? 0).toBe(values.length);
          if (!sum) continue;
          expect([sum.min, sum.max]).toEqual([Math.min(...values), Math.max(...values)]);
          expect(sum.sum).toBe(values.reduce((total, value) => total + value, 0));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same object back where there is nothing new', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const counted = rollUp(undefined, history);

        expect(rollUp(counted, history)).toBe(counted);
      }),
    );
  });
});
