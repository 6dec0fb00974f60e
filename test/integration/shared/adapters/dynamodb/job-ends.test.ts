import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJobEnds } from '#shared/adapters/dynamodb/job-ends.ts';
import { createJobStore } from '#shared/adapters/dynamodb/job-store.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { jobKeyOf } from '#shared/domain/job/job-key.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { JOBS_TABLE, type JobsTable, serveJobsTable } from '#test/support/jobs-table.ts';

const HOUR = 3_600;

let table: JobsTable;

beforeAll(async () => {
  table = await serveJobsTable();
});

afterAll(async () => {
  await table[Symbol.asyncDispose]();
});

const settle = async (fireTime: number, outcome: Outcome, expiresAt = FIRE_TIME + HOUR) => {
  const key = jobKeyOf('daily-sales', fireTime);
  const facts = {
    key,
    task: 'sales-report',
    revision: 1,
    deliverBy: fireTime + HOUR,
    metadata: {},
  };
  await createJobStore(table.client, JOBS_TABLE).createSettled(facts, {
    outcome,
    finishedAt: fireTime,
    expiry: { expiresAt, rule: 'schedule:default' },
  });
};
const running = (fireTime: number) =>
  table.client.send(
    new PutCommand({
      TableName: JOBS_TABLE,
      Item: { scheduleId: 'daily-sales', fireTime: toIso(fireTime), state: 'running', attempt: 1 },
    }),
  );

describe('ends of jobs', () => {
  it('are listed newest fire time first, page by page, without what runs, has expired or lies before', async () => {
    await settle(FIRE_TIME - 5 * HOUR, 'success');
    await settle(FIRE_TIME - 4 * HOUR, 'error');
    await settle(FIRE_TIME - 3 * HOUR, 'timed-out', FIRE_TIME);
    await running(FIRE_TIME - 2 * HOUR);
    await settle(FIRE_TIME - HOUR, 'skipped');
    const ends = createJobEnds(table.client, JOBS_TABLE);
    const page = {
      scheduleId: 'daily-sales',
      since: FIRE_TIME - 4 * HOUR,
      limit: 3,
      now: FIRE_TIME,
    };

    const first = await ends.list(page);
    const second = await ends.list({ ...page, ...(first.next && { after: first.next }) });

    expect(first.ends).toEqual([{ jobId: 'daily-sales@20261123T080000Z', outcome: 'skipped' }]);
    expect(second).toEqual({
      ends: [{ jobId: 'daily-sales@20261123T050000Z', outcome: 'error' }],
    });
  });
});
