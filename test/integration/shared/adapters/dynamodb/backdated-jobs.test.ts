import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBackdatedJobs } from '#shared/adapters/dynamodb/backdated-jobs.ts';
import { jobKeyOf } from '#shared/domain/job/job-key.ts';
import { aJob } from '#test/support/a-job.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { JOBS_TABLE, type JobsTable, serveJobsTable } from '#test/support/jobs-table.ts';
import { settledItem } from '#test/support/settled-item.ts';

let table: JobsTable;

beforeAll(async () => {
  table = await serveJobsTable();
});

afterAll(async () => {
  await table[Symbol.asyncDispose]();
});

const byHand = { scheduleId: 'a', fireTime: `2026-11-23T09:00:00Z~${'0'.repeat(26)}` };

describe('the jobs of a schedule', () => {
  it('are read with their results, newest first, from a fire time on, page by page', async () => {
    const jobs = createBackdatedJobs(table.client, JOBS_TABLE);
    const keys = [1, 2, 3].map((minute) => jobKeyOf('a', FIRE_TIME - minute * 60));
    const later = jobKeyOf('a', FIRE_TIME + 1);
    for (const key of [...keys, later, byHand, jobKeyOf('b', FIRE_TIME - 60)])
      await table.client.send(
        new PutCommand({ TableName: JOBS_TABLE, Item: settledItem(aJob({ key, expiresAt: 1 })) }),
      );

    const first = await jobs.page({ scheduleId: 'a', to: FIRE_TIME, limit: 3 });
    const { next: after = '' } = first;
    const rest = await jobs.page({ scheduleId: 'a', to: FIRE_TIME, after, limit: 3 });

    expect(first.jobs.map(({ key }) => key)).toEqual([byHand, keys[0], keys[1]]);
    expect(first.jobs[0]?.content).toEqual({ kind: 'text', text: '{"rows":20}' });
    expect(rest.jobs.map(({ key }) => key)).toEqual([keys[2]]);
    expect(rest).not.toHaveProperty('next');
  });
});
