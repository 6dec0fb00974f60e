import { describe, expect, it } from 'vitest';
import { countRepairs } from '#functions/sweep/repair.ts';
import { writeMetrics } from '#functions/sweep/write-metrics.ts';
import type { Metric } from '#shared/ports/metrics-writer.ts';
import { aBudget } from '#test/support/a-budget.ts';

describe('writeMetrics of a sweep', () => {
  it('tells what it saw, what it mended, and how long a round took that has ended', () => {
    const written: Metric[] = [];
    const metrics = { write: (list: readonly Metric[]) => void written.push(...list) };
    const repairs = countRepairs(['started', undefined, 'started', 'drifted']);

    const budgets = { reweighed: 0, ledgers: [] };
    const swept = { seen: 7, looked: 2, compared: 7, budgets, repairs, roundSeconds: 300 };

    writeMetrics(swept, metrics);

    expect(written).toEqual([
      { name: 'SweepSeen', unit: 'Count', values: [7] },
      { name: 'SweepRoundSeconds', unit: 'Seconds', values: [300] },
      { name: 'SweepStarted', unit: 'Count', values: [2] },
      { name: 'SweepDrifted', unit: 'Count', values: [1] },
    ]);
  });

  it('counts the budgets that are exceeded', () => {
    const written: Metric[] = [];
    const metrics = { write: (list: readonly Metric[]) => void written.push(...list) };
    const ledgers = [99_999, 100_001].map((storedBytes) => ({
      scope: 'stack',
      storedBytes,
      microdollars: 0,
      version: 1,
      budget: aBudget(),
    }));
    const budgets = { reweighed: 0, ledgers };

    writeMetrics({ seen: 7, looked: 2, compared: 7, budgets, repairs: countRepairs([]) }, metrics);

    expect(written).toContainEqual({ name: 'BudgetsExceeded', unit: 'Count', values: [1] });
  });
});
