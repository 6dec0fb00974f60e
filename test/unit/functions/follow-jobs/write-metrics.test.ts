import { describe, expect, it } from 'vitest';
import { writeMetrics } from '#functions/follow-jobs/write-metrics.ts';
import type { StreamChange } from '#shared/adapters/dynamodb/stream-event.ts';
import type { Metric } from '#shared/ports/metrics-writer.ts';

const FIRE_TIME = '2026-11-23T09:00:00Z';

const settled = (item: Readonly<Record<string, unknown>>, oldState = 'running'): StreamChange => {
  const key = { scheduleId: 'daily-sales', fireTime: FIRE_TIME };
  const common = { ...key, task: 'sales-report', attempt: 1, state: 'settled' };
  return {
    eventName: 'MODIFY',
    keys: key,
    sequenceNumber: '1',
    at: 1_795_424_400,
    newItem: { ...common, outcome: 'success', startedAt: '2026-11-23T09:00:02Z', ...item },
    oldItem: { ...common, state: oldState },
  };
};

function metricsOf(changes: readonly StreamChange[]) {
  const written: (readonly [Readonly<Record<string, string>> | undefined, readonly Metric[]])[] =
    [];
  writeMetrics(changes, {
    metrics: { write: (metrics, dimensions) => void written.push([dimensions, metrics]) },
  });
  return written;
}

describe('writeMetrics of a batch', () => {
  it('counts outcomes and tells lateness, for each task', () => {
    const batch = [
      settled({}),
      settled({ startedAt: '2026-11-23T09:01:00Z' }),
      settled({ outcome: 'timed-out' }),
      settled({ task: 'uptime-check', outcome: 'missed', attempt: 0, startedAt: undefined }),
    ];

    expect(metricsOf(batch)).toEqual([
      [
        { task: 'sales-report' },
        [
          { name: 'Success', unit: 'Count', values: [2] },
          { name: 'TimedOut', unit: 'Count', values: [1] },
          { name: 'Lateness', unit: 'Milliseconds', values: [2_000, 60_000, 2_000] },
        ],
      ],
      [{ task: 'uptime-check' }, [{ name: 'Missed', unit: 'Count', values: [1] }]],
    ]);
  });

  it('takes of a job that was tried again when it began first, as far as its row knows', () => {
    const attempts = [{ attempt: 1, startedAt: '2026-11-23T09:00:05Z' }, { attempt: 2 }];
    const again = settled({ attempt: 2, startedAt: '2026-11-23T09:10:00Z', attempts });
    const often = settled({ attempt: 7, attempts: [{ attempt: 3, startedAt: FIRE_TIME }] });

    expect(metricsOf([again, often])[0]?.[1]).toEqual([
      { name: 'Success', unit: 'Count', values: [2] },
      { name: 'Lateness', unit: 'Milliseconds', values: [5_000] },
    ]);
  });

  it('measures a settle alone, and that once', () => {
    const { newItem: _, ...removal } = settled({});

    expect(metricsOf([settled({}, 'settled'), settled({ state: 'queued' }), removal])).toEqual([]);
  });
});
