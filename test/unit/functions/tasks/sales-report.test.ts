import { describe, expect, it } from 'vitest';
import { reportSales } from '#functions/tasks/sales-report.ts';

describe('sales-report', () => {
  it('gives the same report for the same input, and another for another seed', () => {
    expect(reportSales({ input: { rows: 5 } })).toEqual(
      reportSales({ input: { rows: 5, seed: 1 } }),
    );
    expect(reportSales({ input: { rows: 5, seed: 2 } })).not.toEqual(
      reportSales({ input: { rows: 5, seed: 1 } }),
    );
  });

  it('reports twenty rows where the input names no number', () => {
    expect(reportSales({ input: null }).rows).toHaveLength(20);
  });

  it('sums by region what it sums in all', () => {
    const { rows, totals, total } = reportSales({ input: { rows: 500 } });

    expect(Object.values(totals).reduce((sum, amount) => sum + amount)).toBe(total);
    expect(Math.min(...Object.values(totals))).toBeGreaterThan(0);
    expect(rows.reduce((sum, { amount }) => sum + amount, 0)).toBe(total);
  });

  it('makes a batch of more than two megabytes', () => {
    const report = JSON.stringify(reportSales({ input: { rows: 20_000 } }));

    expect(report.length).toBeGreaterThan(2_000_000);
  });

  it.each([-1, 1.5, 20_001, '5'])('refuses %j rows', (rows) => {
    expect(() => reportSales({ input: { rows } })).toThrow(/Expected rows to be a whole number/);
  });
});
