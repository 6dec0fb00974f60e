import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCursorKey } from '#shared/adapters/dynamodb/cursor-key.ts';
import { createScheduleStore } from '#shared/adapters/dynamodb/schedule-store.ts';
import { AlmanacError } from '#shared/domain/almanac-error.ts';
import {
  makeSchedulesTable,
  SCHEDULES_TABLE,
  type ScheduleTables,
  serveScheduleTables,
} from '#test/support/schedules-table.ts';

let tables: ScheduleTables;

beforeAll(async () => {
  tables = await serveScheduleTables();
});

afterAll(async () => {
  await tables[Symbol.asyncDispose]();
});

/** A process of its own, which has read no key yet. */
const process = () => createCursorKey(tables.client, SCHEDULES_TABLE);

describe("the cursors' key", () => {
  it('is made once, whoever asks first, and is random', async () => {
    const keys = await Promise.all(Array.from({ length: 5 }, () => process()()));

    const texts = keys.map((key) => Buffer.from(key).toString('hex'));
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toMatch(/^[0-9a-f]{64}$/);
    await tables.client.send(
      new DeleteCommand({
        TableName: SCHEDULES_TABLE,
        Key: { scheduleId: '#keys', part: 'cursors' },
      }),
    );
    expect(Buffer.from(await process()()).toString('hex')).not.toBe(texts[0]);
  });

  it('is kept by a process, and is in no list', async () => {
    const key = process();

    expect(await key()).toBe(await key());
    const store = createScheduleStore(tables.client, SCHEDULES_TABLE);
    expect((await store.list({ limit: 100 })).schedules).toEqual([]);
  });

  it('is asked for again after a read that failed', async () => {
    await tables.client.send(new DeleteTableCommand({ TableName: SCHEDULES_TABLE }));
    const key = process();

    await expect(key()).rejects.toThrow(AlmanacError);
    await makeSchedulesTable(tables.server);
    expect(Buffer.compare(await key(), await process()())).toBe(0);
  });
});
