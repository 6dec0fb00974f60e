import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AlmanacError } from '#shared/domain/almanac-error.ts';
import type { Progress } from '#shared/domain/job/progress.ts';
import type { Written } from '#shared/ports/job-store.ts';
import { createProgressReporter } from '#shared/runner/progress-reporter.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { MemoryJobStore } from '#test/support/memory-job-store.ts';

const job = {
  key: { scheduleId: 'daily-sales', fireTime: '2026-11-23T09:00:00Z' },
  task: 'sales-report',
  revision: 1,
  deliverBy: FIRE_TIME + 3_600,
  metadata: {},
  attempt: 1,
  owner: 'owner-1',
  startedAt: FIRE_TIME,
  leaseUntil: FIRE_TIME + 90,
};

let answer: () => Promise<Written>;
let written: Progress[];

function aReporter() {
  const jobs = Object.assign(new MemoryJobStore(), {
    report: (_key: unknown, _from: unknown, progress: Progress) => {
      written.push(progress);
      return answer();
    },
  });
  return createProgressReporter(job, { jobs, nowMs: () => FIRE_TIME * 1_000 });
}

beforeEach(() => {
  vi.useFakeTimers();
  written = [];
  answer = () => Promise.resolve({ kind: 'written' });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('createProgressReporter', () => {
  it('writes the first at once, then the last of each five seconds', async () => {
    const { report, stop } = aReporter();

    for (let step = 0; step <= 120; step += 1) {
      report(step / 120, `step ${step}`);
      await vi.advanceTimersByTimeAsync(100);
    }

    expect(written.map(({ note }) => note)).toEqual(['step 0', 'step 49', 'step 99']);
    stop();
  });

  it('writes what was said last, though nothing follows', async () => {
    const { report } = aReporter();

    report(0.1);
    report(0.2, 'last');
    await vi.advanceTimersByTimeAsync(60_000);

    expect(written).toMatchObject([{ fraction: 0.1 }, { fraction: 0.2, note: 'last' }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('writes at once again after a silence', async () => {
    const { report } = aReporter();
    report(0.1);
    await vi.advanceTimersByTimeAsync(30_000);

    report(0.9);

    expect(written).toHaveLength(2);
  });

  it('writes nothing once the attempt has ended, and leaves no timer behind', async () => {
    const { report, stop } = aReporter();
    report(0.1);
    report(0.2);

    stop();
    report(0.3);
    await vi.advanceTimersByTimeAsync(60_000);

    expect(written).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('survives a table that does not answer, and says the next', async () => {
    const { report } = aReporter();
    answer = () => Promise.reject(new AlmanacError('store.unavailable', 'throttled'));

    report(0.1);
    report(0.2);
    await vi.advanceTimersByTimeAsync(5_000);

    expect(written).toHaveLength(2);
  });

  it('ends with a write that is refused, as the job belongs to another attempt', async () => {
    const { report } = aReporter();
    answer = () => Promise.resolve({ kind: 'refused' });

    report(0.1);
    report(0.2);
    await vi.advanceTimersByTimeAsync(60_000);
    report(0.3);

    expect(written).toHaveLength(1);
  });
});
