import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditedJobs } from '#shared/adapters/dynamodb/audited-jobs.ts';
import type { SettledEntry } from '#shared/domain/audit/count-job.ts';
import { jobKeyOf } from '#shared/domain/job/job-key.ts';
import type { AuditedJobs } from '#shared/ports/audited-jobs.ts';
import { aJob } from '#test/support/a-job.ts';
import { aPayload } from '#test/support/a-payload.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { JOBS_TABLE, type JobsTable, serveJobsTable } from '#test/support/jobs-table.ts';
import { settledItem } from '#test/support/settled-item.ts';

const large = aJob({ content: { kind: 'payload', payload: aPayload() } });
const small = aJob({ key: jobKeyOf('small', FIRE_TIME) });
const running = jobKeyOf('running', FIRE_TIME);

let table: JobsTable;
let jobs: AuditedJobs;

const put = (Item: Record<string, unknown>) =>
  table.client.send(new PutCommand({ TableName: JOBS_TABLE, Item }));

beforeAll(async () => {
  table = await serveJobsTable();
  jobs = createAuditedJobs(table.client, JOBS_TABLE);
  await put(settledItem(large));
  await put(settledItem(small));
  await put({ ...running, state: 'running', attempt: 1, owner: 'owner-1' });
  await put({ scheduleId: 'slot:small', fireTime: '#0', holder: 'small' });
});

afterAll(async () => {
  await table[Symbol.asyncDispose]();
});

describe('the jobs that an audit looks at', () => {
  it('are read by their keys, with what they point to, as many as there are', async () => {
    const absent = jobKeyOf('absent', FIRE_TIME);

    const rows = await jobs.rows([large.key, small.key, running, absent]);

    expect(Object.fromEntries(rows)).toEqual({
      'daily-sales@20261123T090000Z': {
        state: 'settled',
        payloadKey: 'results/1d/daily-sales/20261123T090000Z/1-owner-1',
        finishedAt: '2026-11-23T09:00:02Z',
        resultExpiresAt: FIRE_TIME + 3_602,
      },
      'small@20261123T090000Z': {
        state: 'settled',
        finishedAt: '2026-11-23T09:00:02Z',
        resultExpiresAt: FIRE_TIME + 3_602,
      },
      'running@20261123T090000Z': { state: 'running' },
    });
  });

  it('are read in any number, none among them', async () => {
    const many = Array.from({ length: 250 }, (_, at) => jobKeyOf('many', FIRE_TIME + at));

    expect(await jobs.rows([])).toEqual(new Map());
    expect((await jobs.rows([...many, small.key])).size).toBe(1);
  });

  it('are gone through by the index of settled jobs, which knows where large results lie', async () => {
    const { entries, next } = await jobs.page(undefined);

    expect(next).toBeUndefined();
    expect(entries.toSorted((one, other) => other.storedBytes - one.storedBytes)).toEqual([
      {
        key: large.key,
        state: 'settled',
        payloadKey: 'results/1d/daily-sales/20261123T090000Z/1-owner-1',
        storedBytes: 300_000,
        finishedAt: '2026-11-23T09:00:02Z',
        resultExpiresAt: FIRE_TIME + 3_602,
        expiresAt: FIRE_TIME + 4_560,
      },
      {
        key: small.key,
        state: 'settled',
        storedBytes: 0,
        finishedAt: '2026-11-23T09:00:02Z',
        resultExpiresAt: FIRE_TIME + 3_602,
        expiresAt: FIRE_TIME + 4_560,
      },
    ]);
  });

  it('are gone through page by page, each once', async () => {
    await Promise.all(
      Array.from({ length: 1_200 }, (_, at) =>
        put(settledItem(aJob({ key: jobKeyOf('long', FIRE_TIME + at) }))),
      ),
    );

    const seen: SettledEntry[] = [];
    let after: string | undefined;
    let pages = 0;
    do {
      const page = await jobs.page(after);
      seen.push(...page.entries);
      after = page.next;
      pages += 1;
    } while (after !== undefined);

    expect(pages).toBe(2);
    expect(seen).toHaveLength(1_202);
    expect(new Set(seen.map(({ key }) => `${key.scheduleId} ${key.fireTime}`)).size).toBe(1_202);
  });
});
