import { describe, expect, it } from 'vitest';
import { listBudgets } from '#infra/list-budgets.ts';
import { stackBudgets } from '#shared/contracts/budgets.ts';

const sales = { tag: 'team:sales' };

describe('listBudgets', () => {
  it('writes what the functions read', () => {
    const json = listBudgets([
      { scope: 'stack', dollarsPerMonth: 12.5, onExceeded: 'warn' },
      { scope: sales, storedBytes: 20 * 1024 ** 3, onExceeded: 'refuse' },
    ]);

    expect(stackBudgets.parse(JSON.parse(json))).toEqual([
      { scope: 'stack', measure: 'microdollars', limit: 12_500_000, onExceeded: 'warn' },
      {
        scope: 'tag:team:sales',
        measure: 'storedBytes',
        limit: 21_474_836_480,
        onExceeded: 'refuse',
      },
    ]);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %s bytes', (storedBytes) => {
    expect(() => listBudgets([{ scope: 'stack', storedBytes, onExceeded: 'warn' }])).toThrow(
      /budgets\.0\.storedBytes: Expected `storedBytes` to be a whole number of bytes from 1 on, got /,
    );
  });

  it.each([0, -5, 0.001, Number.NaN, Number.POSITIVE_INFINITY, 2_000_000_000])(
    'refuses %s dollars',
    (dollarsPerMonth) => {
      expect(() => listBudgets([{ scope: sales, dollarsPerMonth, onExceeded: 'warn' }])).toThrow(
        /budgets\.0\.dollarsPerMonth: Expected `dollarsPerMonth` to be 0\.01 to 1000000000 dollars, got /,
      );
    },
  );

  it('refuses a budget with neither limit, and with both', () => {
    const both = { storedBytes: 1, dollarsPerMonth: 1 };

    expect(() => listBudgets([{ scope: 'stack', onExceeded: 'warn' }])).toThrow(/got neither\./);
    expect(() => listBudgets([{ scope: 'stack', ...both, onExceeded: 'warn' }])).toThrow(
      /got both\./,
    );
  });

  it.each(['sales', '', ':x', 'team:a\nb', `team:${'x'.repeat(188)}`])(
    'refuses the tag %j, which no metadata has',
    (tag) => {
      expect(() => listBudgets([{ scope: { tag }, storedBytes: 1, onExceeded: 'warn' }])).toThrow(
        /Expected .* such as "team:sales", /,
      );
    },
  );

  it('names all faults together, and two budgets of one scope', () => {
    expect(() =>
      listBudgets([
        { scope: sales, storedBytes: 0, onExceeded: 'warn' },
        { scope: sales, dollarsPerMonth: 0, onExceeded: 'warn' },
      ]),
    ).toThrow(/storedBytes.*dollarsPerMonth/);
    expect(() =>
      listBudgets([
        { scope: sales, storedBytes: 5, onExceeded: 'warn' },
        { scope: sales, dollarsPerMonth: 5, onExceeded: 'refuse' },
      ]),
    ).toThrow(
      /budgets\.1\.scope: Expected one budget for each scope, got another for `tag:team:sales`\./,
    );
  });

  it('refuses more budgets than the transaction of a schedule has items for', () => {
    const many = Array.from({ length: 21 }, (_, at) => ({
      scope: { tag: `team:t${at}` },
      storedBytes: 1,
      onExceeded: 'warn' as const,
    }));

    expect(() => listBudgets(many)).toThrow(/Expected at most 20 budgets\./);
  });
});
