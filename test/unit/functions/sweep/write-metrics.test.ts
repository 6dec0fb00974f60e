import { describe, expect, it } from 'vitest';
import { countRepairs } from '#functions/sweep/repair.ts';
import { writeMetrics } from '#functions/sweep/write-metrics.ts';
import type { Metric } from '#shared/ports/metrics-writer.ts';

describe('writeMetrics of a sweep', () => {
  it('tells what it saw, what it mended, and how long a round took that has ended', () => {
    const written: Metric[] = [];
    const metrics = { write: (list: readonly Metric[]) => void written.push(...list) };
    const repairs = countRepairs(['started', undefined, 'started', 'drifted']);

    writeMetrics({ seen: 7, looked: 2, compared: 7, repairs, roundSeconds: 300 }, metrics);

    expect(written).toEqual([
      { name: 'SweepSeen', unit: 'Count', values: [7] },
      { name: 'SweepRoundSeconds', unit: 'Seconds', values: [300] },
      { name: 'SweepStarted', unit: 'Count', values: [2] },
      { name: 'SweepDrifted', unit: 'Count', values: [1] },
    ]);
  });
});
