import { describe, expect, it } from 'vitest';
import { takeChunk } from '#functions/archive-jobs/take-chunk.ts';
import { noProgress } from '#shared/domain/archive/archive-progress.ts';
import type { Job } from '#shared/domain/job/job.ts';
import type { ExpiredJobs } from '#shared/ports/archive.ts';
import { aJob } from '#test/support/a-job.ts';

const PROGRESS = noProgress({ day: '2026-11-23', shard: 7 });

/** Jobs of the shard, of which the last so many seconds of the day are told; the index has all of them. */
function jobsOf(count: number, changes: Partial<Job>): readonly Job[] {
  return Array.from({ length: count }, (_, at) => {
    const fireTime = `2026-11-23T09:00:${String(at).padStart(2, '0')}Z`;
    const key = { scheduleId: 'daily-sales', fireTime };
    return aJob({ key, expiryAt: fireTime, expiryDay: '2026-11-23#7', ...changes });
  });
}

function expiredOf(jobs: readonly Job[]): ExpiredJobs {
  const entries = jobs.map(({ key, expiryAt = '' }) => ({ expiryAt, key }));
  return {
    page: async (_, limit, after) => {
      const from = entries.findIndex(({ expiryAt }) => expiryAt === after?.expiryAt) + 1;
      return { entries: entries.slice(from, from + limit), isLast: entries.length <= from + limit };
    },
    rows: async () => new Map(jobs.map((job) => [job.id, job])),
  };
}

describe('takeChunk', () => {
  it('takes results up to 32 MB, and at least one job', async () => {
    const expired = expiredOf(jobsOf(5, { resultBytes: 16_000_000 }));

    const first = await takeChunk(PROGRESS, expired);
    const second = await takeChunk(
      { ...PROGRESS, ...(first.after && { after: first.after }) },
      expired,
    );
    const huge = await takeChunk(PROGRESS, expiredOf(jobsOf(2, { resultBytes: 40_000_000 })));

    expect([first.jobs.length, second.jobs.length, huge.jobs.length]).toEqual([2, 2, 1]);
    expect(second.jobs[0]?.key.fireTime).toBe('2026-11-23T09:00:02Z');
    expect([first.isLast, second.isLast]).toEqual([false, false]);
  });

  it('leaves out a row that expires on another day by now, and one that has gone', async () => {
    const [changed, gone, kept] = jobsOf(3, {});
    const rows = [{ ...aJob(changed), expiryDay: '2026-12-24#7' }, aJob(kept)];
    const { page } = expiredOf([aJob(changed), aJob(gone), aJob(kept)]);

    const chunk = await takeChunk(PROGRESS, {
      page,
      rows: async () => new Map(rows.map((job) => [job.id, job])),
    });

    expect(chunk).toMatchObject({ jobs: [{ id: kept?.id }], entries: 3, isLast: true });
  });
});
