import { describe, expect, it } from 'vitest';
import type { FollowedChange } from '#functions/follow-jobs/follow-jobs.ts';
import { rollUpMetrics } from '#functions/follow-jobs/roll-up-metrics.ts';
import { comparableSequence } from '#shared/domain/usage/usage.ts';
import { MemoryRollups } from '#test/support/memory-rollups.ts';

function settled(sequence: number, changes: Partial<FollowedChange> = {}): FollowedChange {
  return {
    kind: 'settled',
    scheduleId: 'probe',
    sequence: comparableSequence(String(sequence)),
    jobId: 'probe@20261123T235900Z',
    outcome: 'success',
    finishedAt: '2026-11-24T00:00:02Z',
    day: '2026-11-24',
    writeUnits: 3,
    measured: { values: { latencyMs: sequence * 10, rows: 1 } },
    ...changes,
  };
}

const hour = 'probe metrics#hour#2026-11-23T23';
const day = 'probe metrics#day#2026-11-23';

describe('rollUpMetrics', () => {
  it("counts in the hour and the day of a job's fire time, though it finished later", async () => {
    const rollups = new MemoryRollups();

    await rollUpMetrics([settled(1), settled(2)], { rollups });

    expect([...rollups.byName.keys()]).toEqual([hour, day]);
    expect(rollups.byName.get(hour)?.metrics.get('latencyMs')).toMatchObject({
      count: 2,
      sum: 30,
      min: 10,
      max: 20,
    });
  });

  it('writes each hour and each day once for a batch, with all metrics in it', async () => {
    const rollups = new MemoryRollups();
    const next = { jobId: 'probe@20261124T000000Z' };

    await rollUpMetrics([settled(1), settled(2), settled(3, next), settled(4, next)], { rollups });

    expect(rollups.writes).toBe(4);
    expect([...(rollups.byName.get(day)?.metrics.keys() ?? [])]).toEqual(['latencyMs', 'rows']);
  });

  it('writes nothing for jobs without numbers, and for a batch that comes again', async () => {
    const rollups = new MemoryRollups();
    const { measured: _, ...unmeasured } = settled(1);
    const batch = [unmeasured, settled(2)];
    await rollUpMetrics(batch, { rollups });

    await rollUpMetrics(batch, { rollups });

    expect(rollups.writes).toBe(2);
    expect(rollups.byName.get(hour)?.metrics.get('rows')?.count).toBe(1);
  });

  it('counts exactly once beside another delivery of the same batch', async () => {
    const rollups = new MemoryRollups();
    const batch = [settled(1), settled(2)];
    rollups.meanwhile.push(() => rollUpMetrics(batch, { rollups }));

    await rollUpMetrics(batch, { rollups });

    expect(rollups.byName.get(hour)?.metrics.get('rows')?.count).toBe(2);
    expect(rollups.byName.get(day)?.metrics.get('rows')?.count).toBe(2);
  });

  it('gives a batch back where other deliveries keep coming between', async () => {
    const rollups = new MemoryRollups();
    rollups.replace = async () => false;

    await expect(rollUpMetrics([settled(1)], { rollups })).rejects.toThrow('within 5 tries');
  });
});
