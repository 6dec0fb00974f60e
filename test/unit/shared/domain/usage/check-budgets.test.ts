import { describe, expect, it } from 'vitest';
import { checkBudgets } from '#shared/domain/usage/check-budgets.ts';
import { describeCheck } from '#shared/domain/usage/describe-check.ts';
import { aBudget } from '#test/support/a-budget.ts';

const taking = (storedBytes: number) => [
  { scope: 'stack', by: { storedBytes, microdollars: 0 }, budget: aBudget() },
];
const taken = (storedBytes: number) => [
  { scope: 'stack', storedBytes, microdollars: 0, version: 1 },
];

describe('checkBudgets', () => {
  it.each([
    ['fits to the byte', { before: 40_000, adds: 60_000 }, false],
    ['is a byte too large', { before: 40_000, adds: 60_001 }, true],
    ['gives back of a budget that is exceeded', { before: 200_000, adds: -5_000 }, false],
    ['takes more of a budget that is exceeded', { before: 200_000, adds: 1 }, true],
  ])('finds that a schedule %s', (_, { before, adds }, isExceeded) => {
    expect(checkBudgets([aBudget()], taking(adds), taken(before))).toEqual([
      { budget: aBudget(), taken: before, adds, isExceeded },
    ]);
  });

  it('finds nothing exceeded by what takes nothing more, nor a ledger that is not there', () => {
    expect(checkBudgets([aBudget()], [], taken(200_000))).toMatchObject([
      { taken: 200_000, adds: 0, isExceeded: false },
    ]);
    expect(checkBudgets([aBudget()], taking(5), [])).toMatchObject([{ taken: 0, adds: 5 }]);
  });
});

describe('describeCheck', () => {
  it('names the budget, its limit, what is taken, what is added, and what to do', () => {
    expect(
      describeCheck({ budget: aBudget(), taken: 90_000, adds: 20_480, isExceeded: true }),
    ).toBe(
      'Expected the schedules of the stack to come to at most 100,000 bytes at full, got 90,000 bytes taken and 20,480 bytes more. ' +
        'Keep results for a shorter time, keep less of them, run it less often, make room in another schedule, or raise the budget.',
    );
  });

  it('speaks of dollars, and of a tag', () => {
    const budget = aBudget({ scope: 'tag:team:sales', measure: 'microdollars', limit: 12_500_000 });

    expect(describeCheck({ budget, taken: 12_000_000, adds: 612_300, isExceeded: true })).toMatch(
      /^Expected the schedules in `tag:team:sales` to come to at most \$12\.50 a month at full, got \$12\.00 a month taken and \$0\.6123 a month more\./,
    );
  });
});
