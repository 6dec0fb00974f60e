import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUsageStore } from '#shared/adapters/dynamodb/usage-store.ts';
import { NO_USAGE, type Usage } from '#shared/domain/usage/usage.ts';
import type { UsageStore } from '#shared/ports/usage-store.ts';
import {
  type ScheduleTables,
  serveScheduleTables,
  USAGE_TABLE,
} from '#test/support/schedules-table.ts';

let tables: ScheduleTables;
let store: UsageStore;

beforeAll(async () => {
  tables = await serveScheduleTables();
  store = createUsageStore(tables.client, USAGE_TABLE);
});

afterAll(async () => {
  await tables[Symbol.asyncDispose]();
});

const part = 'total' as const;
const lastJob = { jobId: 'x', outcome: 'success' as const, finishedAt: '2026-11-23T09:00:00Z' };
const usage: Usage = {
  ...NO_USAGE,
  jobs: { ...NO_USAGE.jobs, success: 2 },
  written: { inline: { count: 2, bytes: 300 }, s3: { count: 0, bytes: 0 } },
  lastJob,
  lastSuccess: lastJob,
  settledUpTo: '5',
};

describe('a sum in the table', () => {
  it('is read back as it was written', async () => {
    expect(await store.read('whole', part)).toBeUndefined();
    expect(await store.replace({ scheduleId: 'whole', part, usage, read: undefined })).toBe(true);

    expect(await store.read('whole', part)).toEqual(usage);
  });

  it('is begun once', async () => {
    const write = { scheduleId: 'once', part, usage, read: undefined };

    expect(await store.replace(write)).toBe(true);
    expect(await store.replace(write)).toBe(false);
  });

  it.each([
    ['settles', { settledUpTo: '6' }],
    ['removals', { removedUpTo: '6' }],
  ])('is not replaced where other %s have been counted since', async (name, counted) => {
    const present = { ...usage, ...counted };
    await store.replace({ scheduleId: name, part, usage: present, read: undefined });

    expect(await store.replace({ scheduleId: name, part, usage, read: usage })).toBe(false);
    expect(await store.replace({ scheduleId: name, part, usage, read: present })).toBe(true);
  });

  it('from before an outcome existed counts none of it', async () => {
    const Item = { scheduleId: 'old', part, ...usage, jobs: { success: 2 } };
    await tables.client.send(new PutCommand({ TableName: USAGE_TABLE, Item }));

    expect((await store.read('old', part))?.jobs).toEqual(usage.jobs);
  });
});

describe('a table that does not answer', () => {
  it('makes reads and writes fail with store.unavailable', async () => {
    const none = createUsageStore(tables.client, 'Nowhere');

    const reading = none.read('x', part);
    const writing = none.replace({ scheduleId: 'x', part, usage, read: undefined });

    await expect(reading).rejects.toMatchObject({ code: 'store.unavailable' });
    await expect(writing).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});
