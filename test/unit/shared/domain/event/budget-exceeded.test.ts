import { describe, expect, it } from 'vitest';
import { budgetExceeded } from '#shared/domain/event/budget-exceeded.ts';
import type { Ledger } from '#shared/domain/usage/ledger.ts';
import { aBudget } from '#test/support/a-budget.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

function aLedger(storedBytes: number, changes: Partial<Ledger> = {}): Ledger {
  return {
    scope: 'stack',
    storedBytes,
    microdollars: 0,
    version: 7,
    budget: aBudget(),
    ...changes,
  };
}

describe('budgetExceeded', () => {
  it('tells that a budget is exceeded, by how much, once for the write that did it', () => {
    const event = budgetExceeded(aLedger(100_000), aLedger(100_001, { version: 8 }), FIRE_TIME);

    expect(event).toEqual({
      type: 'budget.exceeded',
      id: 'budget/stack/exceeded-8',
      subject: 'stack',
      time: '2026-11-23T09:00:00Z',
      data: {
        scope: 'stack',
        measure: 'storedBytes',
        limit: 100_000,
        taken: 100_001,
        onExceeded: 'refuse',
      },
    });
  });

  it('speaks of dollars where the budget does', () => {
    const budget = aBudget({ measure: 'microdollars', limit: 2_000_000 });
    const after = aLedger(0, { microdollars: 2_500_000, budget });

    expect(budgetExceeded(undefined, after, FIRE_TIME)?.data).toMatchObject({
      measure: 'dollarsPerMonth',
      limit: 2,
      taken: 2.5,
    });
  });

  it('tells it of a budget that was lowered below what is taken', () => {
    const lowered = aLedger(90_000, { budget: aBudget({ limit: 80_000 }) });

    expect(budgetExceeded(aLedger(90_000), lowered, FIRE_TIME)).toBeDefined();
  });

  it.each([
    ['that is kept to', aLedger(1), aLedger(100_000)],
    ['that was exceeded before', aLedger(100_001), aLedger(200_000)],
    ['that is taken less of', aLedger(200_000), aLedger(100)],
    ['that is none any more', undefined, { ...aLedger(0), budget: undefined }],
  ])('tells nothing of a budget %s', (_, before, after) => {
    const { budget, ...ledger } = after;

    expect(budgetExceeded(before, { ...ledger, ...(budget && { budget }) }, FIRE_TIME)).toBe(
      undefined,
    );
  });
});
