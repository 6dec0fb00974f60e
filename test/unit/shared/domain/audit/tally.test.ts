import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyTally, isLevel, mayDiffer, toggleInTally } from '#shared/domain/audit/tally.ts';

const anyKeys = fc.uniqueArray(fc.string({ maxLength: 40 }), { maxLength: 300 });

describe('a tally', () => {
  it('is level once both sets were toggled, in whatever order, where they are equal', () => {
    fc.assert(
      fc.property(anyKeys, (keys) => {
        const one = toggleInTally(emptyTally(), keys);

        expect(isLevel(toggleInTally(one, keys.toReversed()))).toBe(true);
      }),
    );
  });

  it('says of each text that is in one set alone that it may differ', () => {
    fc.assert(
      fc.property(anyKeys, anyKeys, (keys, others) => {
        const both = toggleInTally(toggleInTally(emptyTally(), keys), others);

        const alone = [...new Set(keys).symmetricDifference(new Set(others))];
        expect(isLevel(both)).toBe(alone.length === 0);
        for (const text of alone) expect(mayDiffer(both, text)).toBe(true);
      }),
    );
  });

  it('vouches for most of a large set where a few differ', () => {
    const keys = Array.from({ length: 10_000 }, (_, at) => `results/7d/daily/${at}`);
    const both = toggleInTally(toggleInTally(emptyTally(), keys), keys.slice(3));

    const doubtful = keys.filter((key) => mayDiffer(both, key));
    expect(doubtful).toEqual(expect.arrayContaining(keys.slice(0, 3)));
    expect(doubtful.length).toBeLessThan(150);
  });

  it('leaves the tally that it is given as it was', () => {
    const tally = emptyTally();

    toggleInTally(tally, ['results/7d/daily/1']);

    expect(isLevel(tally)).toBe(true);
  });
});
