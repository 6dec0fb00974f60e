import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Share } from '#shared/domain/usage/budget.ts';
import { ledgerMoves, roomFor } from '#shared/domain/usage/ledger-moves.ts';
import { aBudget } from '#test/support/a-budget.ts';
import { MemoryLedgers } from '#test/support/memory-ledgers.ts';

function aShare(storedBytes: number, scopes: readonly string[], microdollars = 0): Share {
  return { storedBytes, microdollars, scopes, version: 1 };
}

const anyShare = fc.option(
  fc
    .record({
      storedBytes: fc.nat(1_000_000),
      microdollars: fc.nat(1_000_000),
      scopes: fc.uniqueArray(fc.constantFrom<string[]>('stack', 'tag:team:sales', 'tag:team:ops')),
    })
    .map((share) => ({ ...share, version: 1 })),
  { nil: undefined },
);

describe('ledgerMoves', () => {
  it('gives back to the scopes that a schedule leaves, and takes of those that it comes into', () => {
    const budget = aBudget({ scope: 'tag:team:ops' });

    const moves = ledgerMoves(
      aShare(40, ['stack', 'tag:team:sales'], 4),
      aShare(50, ['stack', 'tag:team:ops'], 5),
      [budget],
    );

    expect(moves).toEqual([
      { scope: 'stack', by: { storedBytes: 10, microdollars: 1 } },
      { scope: 'tag:team:sales', by: { storedBytes: -40, microdollars: -4 } },
      { scope: 'tag:team:ops', by: { storedBytes: 50, microdollars: 5 }, budget },
    ]);
  });

  it('leaves alone the ledgers of a schedule that comes to as much as before', () => {
    expect(ledgerMoves(aShare(40, ['stack']), aShare(40, ['stack']), [aBudget()])).toEqual([]);
    expect(ledgerMoves(undefined, undefined, [aBudget()])).toEqual([]);
  });

  it('keeps each ledger the sum of the shares, whatever shares follow each other', () => {
    fc.assert(
      fc.property(fc.array(anyShare, { minLength: 1, maxLength: 8 }), (shares) => {
        const ledgers = new MemoryLedgers();
        shares.forEach((share, at) => {
          ledgers.count(ledgerMoves(shares[at - 1], share, []));
        });

        const last = shares.at(-1);
        for (const { scope, storedBytes, microdollars } of ledgers.byScope.values()) {
          const isIn = last?.scopes.includes(scope);
          expect([storedBytes, microdollars]).toEqual(
            isIn ? [last?.storedBytes, last?.microdollars] : [0, 0],
          );
        }
      }),
    );
  });
});

describe('roomFor', () => {
  const move = { scope: 'stack', by: { storedBytes: 30, microdollars: 900 } };

  it('leaves what the limit allows less what is taken', () => {
    expect(roomFor({ ...move, budget: aBudget({ limit: 100 }) })).toBe(70);
    expect(roomFor({ ...move, budget: aBudget({ limit: 500, measure: 'microdollars' }) })).toBe(
      -400,
    );
  });

  it.each([
    ['where a budget only warns', { ...move, budget: aBudget({ onExceeded: 'warn' }) }],
    ['where there is no budget any more', move],
    [
      'for what gives back',
      { ...move, by: { storedBytes: -1, microdollars: 9 }, budget: aBudget({ limit: 1 }) },
    ],
    [
      'for what takes more of another measure alone',
      { ...move, by: { storedBytes: 0, microdollars: 9 }, budget: aBudget({ limit: 1 }) },
    ],
  ])('sets no bound %s', (_, free) => {
    expect(roomFor(free)).toBeUndefined();
  });
});
