import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideTier } from '#shared/domain/result/decide-tier.ts';
import { writeUnits } from '#shared/domain/result/item-bytes.ts';

/** Chooses for a row that is 400 bytes without its result. */
function tierOf(json: number, compressed: number, row = 400) {
  return decideTier({ row, json, compressed: () => compressed });
}

describe('decideTier', () => {
  it('leaves a row of one unit as it is, without compressing anything', () => {
    const compressed = () => {
      throw new Error('compressed');
    };

    expect(decideTier({ row: 400, json: 624, compressed })).toBe('text');
  });

  it.each<[string, [number, number], string]>([
    ['saves a unit', [1_000, 500], 'zstd'],
    ['saves none', [1_000, 700], 'text'],
    ['saves one of several', [6_000, 5_000], 'zstd'],
    ['fits the row only compressed', [8_300, 8_192], 'zstd'],
    ['does not fit the row', [9_000, 8_193], 'payload'],
    ['does not shrink, but fits', [8_192, 8_200], 'text'],
    ['shrinks far, but is too long for an answer', [1_048_577, 100], 'payload'],
  ])('where compression %s', (_, sizes, tier) => {
    expect(tierOf(...sizes)).toBe(tier);
  });

  it('never costs more write units than the plain text, nor lets a row pass nine units', () => {
    const anySize = fc.nat({ max: 2_000_000 });

    fc.assert(
      fc.property(fc.integer({ min: 300, max: 1_000 }), anySize, anySize, (row, json, small) => {
        const tier = tierOf(json, small, row);
        const stored = { text: json, zstd: small, payload: 0 }[tier];

        expect(writeUnits(row + stored)).toBeLessThanOrEqual(Math.min(writeUnits(row + json), 9));
      }),
    );
  });
});
