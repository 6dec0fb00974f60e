import { describe, expect, it } from 'vitest';
import { decideShare } from '#shared/domain/usage/decide-share.ts';

const share = { storedBytes: 1_000, microdollars: 200, scopes: ['stack'], version: 4 };
const weight = { storedBytes: 1_000, microdollars: 200 };

describe('decideShare', () => {
  it('leaves a share that is off by a hundredth at most', () => {
    expect(decideShare(share, { storedBytes: 1_010, microdollars: 198 }, ['stack'])).toEqual({
      kind: 'as-it-is',
    });
  });

  it('writes one that is further off, in either measure, with the next version', () => {
    expect(decideShare(share, { storedBytes: 1_011, microdollars: 200 }, ['stack'])).toEqual({
      kind: 'changed',
      share: { storedBytes: 1_011, microdollars: 200, scopes: ['stack'], version: 5 },
    });
    expect(decideShare(share, { storedBytes: 1_000, microdollars: 203 }, ['stack'])).toMatchObject({
      kind: 'changed',
    });
  });

  it('writes the share of a schedule that a new budget is over, and empties that of one which is in none', () => {
    expect(decideShare(undefined, weight, ['stack'])).toEqual({
      kind: 'changed',
      share: { ...weight, scopes: ['stack'], version: 1 },
    });
    expect(decideShare(share, weight, [])).toMatchObject({ share: { scopes: [], version: 5 } });
    expect(decideShare(share, weight, ['tag:team:sales'])).toMatchObject({
      share: { scopes: ['tag:team:sales'] },
    });
  });

  it('leaves a schedule that is in no budget, whatever it comes to', () => {
    expect(decideShare(undefined, weight, [])).toEqual({ kind: 'as-it-is' });
    expect(
      decideShare({ ...share, scopes: [] }, { storedBytes: 9_999, microdollars: 0 }, []),
    ).toEqual({ kind: 'as-it-is' });
  });
});
