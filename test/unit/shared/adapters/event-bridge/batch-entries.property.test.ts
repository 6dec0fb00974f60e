import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchEntries, entryBytes } from '#shared/adapters/event-bridge/batch-entries.ts';

const anyEntry = fc
  .record({ length: fc.integer({ min: 0, max: 150_000 }), Source: fc.string({ maxLength: 5 }) })
  .map(({ length, Source }) => ({ Source, DetailType: 'ä', Detail: 'x'.repeat(length) }));

describe('batchEntries', () => {
  it('keeps every entry, in order, at most ten and 256 KB in a request', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 40 }), (entries) => {
        const batches = batchEntries(entries);

        expect(batches.flat()).toEqual(entries);
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(10);
          expect(batch.reduce((sum, each) => sum + entryBytes(each), 0)).toBeLessThanOrEqual(
            262_144,
          );
        }
      }),
      { numRuns: 50 },
    );
  });

  it('sends no request that the next entry would have fitted into', () => {
    const batches = batchEntries(Array.from({ length: 25 }, () => ({ Detail: '{}' })));

    expect(batches.map(({ length }) => length)).toEqual([10, 10, 5]);
  });

  it('leaves an entry beyond the limit alone in its request', () => {
    const sizes = [10, 300_000, 10];

    const batches = batchEntries(sizes.map((size) => ({ Detail: 'x'.repeat(size) })));

    expect(batches.map(({ length }) => length)).toEqual([1, 1, 1]);
  });
});

describe('entryBytes', () => {
  it('counts as AWS does: texts in UTF-8, and 14 for a time', () => {
    const entry = {
      Source: 'ä',
      DetailType: 'b',
      Detail: '{}',
      Resources: ['cc'],
      Time: new Date(0),
    };

    expect(entryBytes(entry)).toBe(2 + 1 + 2 + 2 + 14);
    expect(entryBytes({})).toBe(0);
  });
});
