import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createExpiringJobs } from '#shared/adapters/dynamodb/expiring-jobs.ts';
import { createExpiryAnnouncements } from '#shared/adapters/dynamodb/expiry-announcements.ts';
import { createJobReader } from '#shared/adapters/dynamodb/job-reader.ts';
import { createJobRetention } from '#shared/adapters/dynamodb/job-retention.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { DAY_SHARDS } from '#shared/domain/job/job-index.ts';
import { jobKeyOf } from '#shared/domain/job/job-key.ts';
import { aJob } from '#test/support/a-job.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { JOBS_TABLE, type JobsTable, serveJobsTable } from '#test/support/jobs-table.ts';
import {
  type ScheduleTables,
  serveScheduleTables,
  USAGE_TABLE,
} from '#test/support/schedules-table.ts';
import { settledItem } from '#test/support/settled-item.ts';

const DAY = 86_400;

let table: JobsTable;
let tables: ScheduleTables;

beforeAll(async () => {
  [table, tables] = await Promise.all([serveJobsTable(), serveScheduleTables()]);
});

afterAll(async () => {
  await table[Symbol.asyncDispose]();
  await tables[Symbol.asyncDispose]();
});

async function store(number: number, changes: Partial<Job>): Promise<Job> {
  const key = jobKeyOf('expiring', FIRE_TIME + number * 60);
  const at = FIRE_TIME + DAY + number;
  const job = aJob({ key, resultExpiresAt: at, expiresAt: at, announceExpiry: true, ...changes });
  await table.client.send(new PutCommand({ TableName: JOBS_TABLE, Item: settledItem(job) }));
  return job;
}

async function fireTimesWithin(from: number, to: number): Promise<readonly string[]> {
  const jobs = createExpiringJobs(table.client, JOBS_TABLE);
  const found: string[] = [];
  for (let shard = 0; shard < DAY_SHARDS; shard += 1)
    for await (const page of jobs.within({ from, to }, shard))
      found.push(...page.map(({ key }) => key.fireTime));
  return found.toSorted();
}

describe('the jobs that are about to expire', () => {
  it('are found by their expiry, from the first second up to before the last, page by page', async () => {
    const numbers = Array.from({ length: 130 }, (_, at) => at);
    const jobs = await Promise.all(numbers.map((number) => store(number, {})));

    const found = await fireTimesWithin(FIRE_TIME + DAY + 10, FIRE_TIME + DAY + 120);

    expect(found).toEqual(jobs.slice(10, 120).map(({ key }) => key.fireTime));
  });

  it('are not those that nothing happens to when they expire', async () => {
    const { announceExpiry: _, ...plain } = await store(1_000, { task: 'plain' });
    await table.client.send(new PutCommand({ TableName: JOBS_TABLE, Item: settledItem(plain) }));

    const found = await fireTimesWithin(FIRE_TIME + DAY + 1_000, FIRE_TIME + DAY + 1_001);

    expect(found).toEqual([]);
  });

  it('go with their time where someone changes it', async () => {
    const job = await store(2_000, {});
    const seen = await createJobReader(table.client, JOBS_TABLE).get(job.key);
    const at = FIRE_TIME + DAY + 3_000;
    const retention = createJobRetention(table.client, JOBS_TABLE, () => FIRE_TIME);

    const expiry = { resultExpiresAt: at, expiresAt: at, rule: 'job:set' } as const;
    expect(seen && (await retention.change(seen, { expiry }))).toBe(true);

    expect(await fireTimesWithin(FIRE_TIME + DAY + 2_000, FIRE_TIME + DAY + 2_001)).toEqual([]);
    expect(await fireTimesWithin(at, at + 1)).toEqual([job.key.fireTime]);
  });
});

describe('how far they have been told of', () => {
  it('moves forward alone', async () => {
    const announcements = createExpiryAnnouncements(tables.client, USAGE_TABLE);
    expect(await announcements.toldTo()).toBeUndefined();

    await announcements.moveTo(FIRE_TIME);
    await announcements.moveTo(FIRE_TIME + 60);
    await announcements.moveTo(FIRE_TIME + 30);

    expect(await announcements.toldTo()).toBe(FIRE_TIME + 60);
  });
});
