import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJobStore } from '#shared/adapters/dynamodb/job-store.ts';
import { createJobSubmissions } from '#shared/adapters/dynamodb/job-submissions.ts';
import { createSweptJobs } from '#shared/adapters/dynamodb/swept-jobs.ts';
import { AlmanacError } from '#shared/domain/almanac-error.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { keyOfStart } from '#shared/domain/job/start.ts';
import type { SweptJobs } from '#shared/ports/swept-jobs.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';
import { JOBS_TABLE, type JobsTable, serveJobsTable } from '#test/support/jobs-table.ts';

let table: JobsTable;
let jobs: SweptJobs;

beforeAll(async () => {
  table = await serveJobsTable();
  jobs = createSweptJobs(table.client, JOBS_TABLE);
});

afterAll(async () => {
  await table[Symbol.asyncDispose]();
});

const SUFFIX = '~0123456789ABCDEFGHJKMNPQRS';

/** Claims a job, and settles it where that is asked for. */
async function aJobAt(scheduleId: string, fireTime: string, isSettled: boolean) {
  const store = createJobStore(table.client, JOBS_TABLE);
  const key = { scheduleId, fireTime };
  const facts = { key, task: 'sales-report', revision: 1, deliverBy: FIRE_TIME, metadata: {} };
  const claim = { attempt: 1, owner: 'o', startedAt: FIRE_TIME, leaseUntil: FIRE_TIME + 60 };
  await store.create({ ...facts, ...claim });
  if (!isSettled) return;
  const from = { state: 'running', attempt: 1, owner: 'o' } as const;
  const expiry = { expiresAt: FIRE_TIME + 86_400, rule: 'schedule:default' } as const;
  await store.settle(key, from, { outcome: 'success', finishedAt: FIRE_TIME, expiry });
}

describe('the jobs that a sweep looks at', () => {
  it('are those between two instants, both included, with and without a suffix, in order', async () => {
    const at = (seconds: number) => toIso(FIRE_TIME + seconds);
    const inside = [at(0), `${at(0)}${SUFFIX}`, at(60), `${at(120)}${SUFFIX}`];
    for (const fireTime of [at(-1), ...inside, at(121)]) await aJobAt('some', fireTime, true);

    const found = await jobs.between('some', { from: FIRE_TIME, to: FIRE_TIME + 120 });

    expect(found).toEqual({
      rows: inside.map((fireTime) => ({ key: { scheduleId: 'some', fireTime } })),
      to: FIRE_TIME + 120,
    });
  });

  it('are read as far as it takes to see to them, where they have not settled', async () => {
    await aJobAt('open', toIso(FIRE_TIME), false);
    const start = aStart({ scheduleId: 'open', fireTime: `${toIso(FIRE_TIME)}${SUFFIX}` });
    await createJobSubmissions(table.client, JOBS_TABLE).submit(start, FIRE_TIME);

    const { rows } = await jobs.between('open', { from: FIRE_TIME, to: FIRE_TIME });

    expect(rows).toMatchObject([
      { open: { job: { state: 'running', owner: 'o', leaseUntil: FIRE_TIME + 60 } } },
      { open: { job: { state: 'queued' }, start } },
    ]);
    expect(await jobs.find(keyOfStart(start))).toEqual(rows[1]);
    expect(await jobs.find({ ...keyOfStart(start), scheduleId: 'nobody' })).toBeUndefined();
  });

  it('that are too many are read in part, up to before the last second of that', async () => {
    const heavy = 'x'.repeat(390_000);
    for (let at = 0; at < 40; at += 1)
      await table.client.send(
        new PutCommand({
          TableName: JOBS_TABLE,
          Item: { scheduleId: 'many', fireTime: toIso(FIRE_TIME + at), state: 'settled', heavy },
        }),
      );

    const { rows, to } = await jobs.between('many', { from: FIRE_TIME, to: FIRE_TIME + 3_600 });

    expect(rows.length).toBeLessThan(40);
    expect(to).toBe(FIRE_TIME + rows.length - 2);
  });

  it('of a table that does not answer are a store that is unavailable', async () => {
    const elsewhere = createSweptJobs(table.client, 'NoSuchTable');
    const reading = elsewhere.between('some', { from: FIRE_TIME, to: FIRE_TIME });

    await expect(reading).rejects.toBeInstanceOf(AlmanacError);
  });
});
