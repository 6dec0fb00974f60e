import { describe, expect, it } from 'vitest';
import { type FollowedChange, followJobs } from '#functions/follow-jobs/follow-jobs.ts';
import { comparableSequence, NO_USAGE, storedNow, type Usage } from '#shared/domain/usage/usage.ts';
import type { UsageStore } from '#shared/ports/usage-store.ts';

/** Sums in memory, replaced on condition of the fences that were read. */
class MemoryUsage implements UsageStore {
  readonly sums = new Map<string, Usage>();
  writes = 0;
  /** Happens before a write, once each. */
  readonly meanwhile: (() => Promise<void>)[] = [];

  read: UsageStore['read'] = async (scheduleId, part) => this.sums.get(`${scheduleId} ${part}`);

  replace: UsageStore['replace'] = async ({ scheduleId, part, usage, read }) => {
    await this.meanwhile.shift()?.();
    const present = this.sums.get(`${scheduleId} ${part}`);
    if (present?.settledUpTo !== read?.settledUpTo) return false;
    if (present?.removedUpTo !== read?.removedUpTo) return false;
    this.sums.set(`${scheduleId} ${part}`, usage);
    this.writes += 1;
    return true;
  };
}

function aWorld() {
  const usage = new MemoryUsage();
  return { usage, ports: { usage } };
}

function settled(sequence: number, changes: Partial<FollowedChange> = {}): FollowedChange {
  return {
    kind: 'settled',
    scheduleId: 'daily-sales',
    sequence: comparableSequence(String(sequence)),
    jobId: `job-${sequence}`,
    outcome: 'success',
    finishedAt: '2026-11-23T23:59:59Z',
    day: '2026-11-23',
    writeUnits: 3,
    stored: { tier: 'inline', bytes: 100 },
    ...changes,
  };
}

const total = (usage: MemoryUsage) => usage.sums.get('daily-sales total');

describe('followJobs', () => {
  it('counts a settled job in all and on the day it finished', async () => {
    const { usage, ports } = aWorld();

    await followJobs([settled(1), settled(2, { day: '2026-11-24' })], ports);

    expect([...usage.sums.keys()].toSorted()).toEqual([
      'daily-sales day#2026-11-23',
      'daily-sales day#2026-11-24',
      'daily-sales total',
    ]);
    expect(total(usage)?.jobs.success).toBe(2);
    expect(usage.sums.get('daily-sales day#2026-11-24')?.jobs.success).toBe(1);
  });

  it('writes each sum once for a batch, and keeps schedules apart', async () => {
    const { usage, ports } = aWorld();

    await followJobs(
      [settled(1), settled(2), settled(3, { scheduleId: 'other' }), settled(4)],
      ports,
    );

    expect(usage.writes).toBe(4);
    expect(total(usage)?.jobs.success).toBe(3);
    expect(usage.sums.get('other total')?.jobs.success).toBe(1);
  });

  it('takes a removed row off what is stored', async () => {
    const { usage, ports } = aWorld();
    const stored = { tier: 's3', bytes: 9_000 } as const;
    await followJobs([settled(1, { stored })], ports);

    const removal = {
      kind: 'removed',
      day: '2026-11-24',
      stored,
    } as const;
    await followJobs([settled(2, removal)], ports);

    expect(storedNow(total(usage) ?? NO_USAGE).s3).toEqual({ count: 0, bytes: 0 });
    expect(usage.sums.get('daily-sales day#2026-11-23')?.written.s3.bytes).toBe(9_000);
    expect(usage.sums.get('daily-sales day#2026-11-23')?.removed.s3.bytes).toBe(0);
    expect(usage.sums.get('daily-sales day#2026-11-24')?.removed.s3.bytes).toBe(9_000);
  });

  it('writes nothing for a batch that comes again', async () => {
    const { usage, ports } = aWorld();
    const batch = [settled(1), settled(2)];
    await followJobs(batch, ports);
    const { writes } = usage;

    await followJobs(batch, ports);

    expect(usage.writes).toBe(writes);
  });

  it('counts exactly once beside another delivery of the same batch', async () => {
    const { usage, ports } = aWorld();
    const batch = [settled(1), settled(2)];
    usage.meanwhile.push(() => followJobs(batch, ports));

    await followJobs(batch, ports);

    expect(total(usage)?.jobs.success).toBe(2);
  });

  it('gives a batch back where other deliveries keep coming between', async () => {
    const { usage, ports } = aWorld();
    let sequence = 100;
    usage.replace = async () => {
      sequence += 1;
      return false;
    };

    await expect(followJobs([settled(1)], ports)).rejects.toThrow('within 5 tries');
    expect(sequence).toBeGreaterThanOrEqual(105);
  });
});
