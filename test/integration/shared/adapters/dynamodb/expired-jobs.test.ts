import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createArchiveProgressStore } from '#shared/adapters/dynamodb/archive-progress-store.ts';
import { createExpiredJobs } from '#shared/adapters/dynamodb/expired-jobs.ts';
import { createHeldJobs } from '#shared/adapters/dynamodb/held-jobs.ts';
import { createJobReader } from '#shared/adapters/dynamodb/job-reader.ts';
import { createJobRetention } from '#shared/adapters/dynamodb/job-retention.ts';
import { leased, noProgress } from '#shared/domain/archive/archive-progress.ts';
import { dayShard } from '#shared/domain/job/job-index.ts';
import { type JobKey, jobKeyOf } from '#shared/domain/job/job-key.ts';
import { factAttributes, settleAttributes } from '#shared/domain/job/job-row.ts';
import type { StartPolicy } from '#shared/domain/job/policy.ts';
import { resolveExpiry } from '#shared/domain/result/resolve-expiry.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { JOBS_TABLE, type JobsTable, serveJobsTable } from '#test/support/jobs-table.ts';
import { serveScheduleTables, USAGE_TABLE } from '#test/support/schedules-table.ts';

const DAY = 86_400;
const ARCHIVED: StartPolicy = { resultExpirationTime: DAY, archiveDays: 365 };

let table: JobsTable;

beforeAll(async () => {
  table = await serveJobsTable();
});

afterAll(async () => {
  await table[Symbol.asyncDispose]();
});

/** Settles a job at its fire time, as the runner does. */
async function settle(key: JobKey, policy: StartPolicy): Promise<void> {
  const facts = { key, task: 'sales-report', revision: 1, deliverBy: FIRE_TIME, metadata: {} };
  const end = { outcome: 'success', finishedAt: FIRE_TIME } as const;
  const expiry = resolveExpiry({ policy, ...end, deliverBy: FIRE_TIME, leaseSeconds: 960 });
  const result = { state: 'stored', bytes: 2, content: { kind: 'text', text: '{}' } } as const;
  const settled = settleAttributes(key, { ...end, result, expiry });
  await table.client.send(
    new PutCommand({
      TableName: JOBS_TABLE,
      Item: { ...factAttributes(facts), attempt: 1, ...settled },
    }),
  );
}

const read = (key: JobKey) => createJobReader(table.client, JOBS_TABLE).get(key);
const expiring = async (key: JobKey, day: string) => {
  const place = { day, shard: dayShard(key) };
  const { entries } = await createExpiredJobs(table.client, JOBS_TABLE).page(place, 10, undefined);
  return entries.filter((entry) => entry.key.scheduleId === key.scheduleId);
};

describe('expired jobs', () => {
  it('are found by the day on which they expire, page by page, and none that is not archived', async () => {
    const keys = [0, 1, 2].map((minute) => jobKeyOf('listed', FIRE_TIME + minute * 60));
    for (const key of keys) await settle(key, ARCHIVED);
    await settle(jobKeyOf('plain', FIRE_TIME), { resultExpirationTime: DAY });
    const expired = createExpiredJobs(table.client, JOBS_TABLE);

    const found = await Promise.all(
      keys.map(async (key) => {
        const place = { day: '2026-11-24', shard: dayShard(key) };
        const first = await expired.page(place, 1, undefined);
        const rest = await expired.page(place, 10, first.entries[0]);
        return [...first.entries, ...rest.entries].map((entry) => entry.key.fireTime);
      }),
    );

    for (const [at, key] of keys.entries()) expect(found[at]).toContain(key.fireTime);
    const rows = await expired.rows([...keys, jobKeyOf('nobody', FIRE_TIME)]);
    expect(rows.size).toBe(3);
    expect([...rows.values()][0]).toMatchObject({ archiveDays: 365, state: 'settled' });
    expect(await expiring(jobKeyOf('plain', FIRE_TIME), '2026-11-24')).toEqual([]);
  });

  it('move with their times when someone changes these', async () => {
    const key = jobKeyOf('changed', FIRE_TIME);
    await settle(key, ARCHIVED);
    const retention = createJobRetention(table.client, JOBS_TABLE, () => FIRE_TIME + 60);
    const job = await read(key);
    if (!job) throw new Error('Expected the job, got none.');

    const until = FIRE_TIME + 9 * DAY;
    const expiry = { resultExpiresAt: until, expiresAt: until, rule: 'job:set' } as const;
    expect(await retention.change(job, { expiry })).toBe(true);

    expect(await expiring(key, '2026-11-24')).toEqual([]);
    expect(await expiring(key, '2026-12-02')).toEqual([{ key, expiryAt: '2026-12-02T09:00:00Z' }]);
    expect(await read(key)).toMatchObject({ expiresAt: until + 5 * DAY, resultExpiresAt: until });
  });

  it('expire when they are let go, where their own time has passed while they were held', async () => {
    const key = jobKeyOf('held', FIRE_TIME);
    await settle(key, { ...ARCHIVED, keepLast: 1 });
    const letGoAt = FIRE_TIME + 40 * DAY;
    const held = createHeldJobs(table.client, JOBS_TABLE, () => letGoAt);
    const [job] = await held.newest('held', 1);
    if (!job) throw new Error('Expected a held job, got none.');

    expect(await expiring(key, '2026-11-24')).toEqual([]);
    await held.letGo(job);

    expect(await expiring(key, '2027-01-02')).toEqual([{ key, expiryAt: '2027-01-02T09:00:00Z' }]);
    expect(await read(key)).toMatchObject({
      resultExpiresAt: FIRE_TIME + DAY,
      expiresAt: letGoAt + 5 * DAY,
    });
  });
});

describe('the progress of the archive', () => {
  it('is written by one of two that have read the same', async () => {
    await using tables = await serveScheduleTables();
    const store = createArchiveProgressStore(tables.client, USAGE_TABLE);
    const place = { day: '2026-11-23', shard: 7 };
    const first = leased(noProgress(place), FIRE_TIME);

    expect(await store.read(place)).toBeUndefined();
    expect(await store.save(first)).toBe(true);
    expect(await store.save(first)).toBe(false);
    const key = jobKeyOf('daily-sales', FIRE_TIME);
    const second = leased(
      { ...first, after: { expiryAt: '2026-11-23T09:00:00Z', key }, chunks: 1, entries: 9 },
      FIRE_TIME,
    );
    expect(await store.save(second)).toBe(true);
    expect(await store.save(second)).toBe(false);
    expect(await store.read(place)).toMatchObject(second);
  });
});
