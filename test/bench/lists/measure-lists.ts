import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listJobs } from '#functions/serve-api/list-jobs.ts';
import { listSettledJobs, type SettledListing } from '#functions/serve-api/list-settled-jobs.ts';
import { createJobReader } from '#shared/adapters/dynamodb/job-reader.ts';
import { createSettledJobs } from '#shared/adapters/dynamodb/settled-jobs.ts';
import { FAILURES, OUTCOMES } from '#shared/domain/job/outcome.ts';
import type { ReadCost } from '#shared/domain/read-cost.ts';
import { dayEnd, dayStart } from '#shared/domain/utc-day.ts';
import { BUSY_SCHEDULE, DAY, storeJobs } from '#test/bench/lists/store-jobs.ts';
import { JOBS_TABLE, serveJobsTable } from '#test/support/jobs-table.ts';

/** What one page came to. */
export interface PageFigures {
  readonly what: string;
  /** How many it held. */
  readonly jobs: number;
  readonly cost: ReadCost;
}

/** A page of every list has so many, as the API's has by default. */
const LIMIT = 25;

/** Stores so many jobs in a Jobs table on disk, and reads one page of each list. */
export async function measureLists(stored: number): Promise<readonly PageFigures[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'almanac-lists-'));
  try {
    await using table = await serveJobsTable({ dataDir });
    await storeJobs(table.client, stored);
    const now = dayEnd(DAY);
    const reader = createJobReader(table.client, JOBS_TABLE);
    const settled = createSettledJobs(table.client, JOBS_TABLE);
    const ofDay = { from: dayStart(DAY), to: now, limit: LIMIT, now };
    const across = (changes: Partial<SettledListing> = {}) =>
      listSettledJobs({ ...ofDay, isOfFailures: false, filter: {}, ...changes }, settled);
    const first = await across();
    const inSchedule = (outcomes = OUTCOMES as readonly (typeof OUTCOMES)[number][]) =>
      listJobs({ scheduleId: BUSY_SCHEDULE, filter: { outcomes }, limit: LIMIT, now }, reader);
    const pages = [
      ['GET /v1/jobs', first],
      ['the page after it', await across(first.next && { after: first.next })],
      ['?failed=true', await across({ isOfFailures: true, filter: { outcomes: FAILURES } })],
      ['?task=rare, one job of a hundred', await across({ filter: { task: 'rare' } })],
      [
        '?tag=team:nobody, of which there is none',
        await across({ filter: { tag: 'team:nobody' } }),
      ],
      ['GET /v1/schedules/{id}/jobs', await inSchedule()],
      ['?outcome=error', await inSchedule(['error'])],
    ] as const;
    return pages.map(([what, { jobs, cost }]) => ({ what, jobs: jobs.length, cost }));
  } finally {
    await rm(dataDir, { recursive: true });
  }
}
