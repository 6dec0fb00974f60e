import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUsageReader } from '#shared/adapters/dynamodb/usage-reader.ts';
import { createUsageStore } from '#shared/adapters/dynamodb/usage-store.ts';
import type { UsagePart, UsageReader } from '#shared/ports/usage-store.ts';
import { aUsage } from '#test/support/memory-usage-reader.ts';
import {
  type ScheduleTables,
  serveScheduleTables,
  USAGE_TABLE,
} from '#test/support/schedules-table.ts';

let tables: ScheduleTables;
let reader: UsageReader;

beforeAll(async () => {
  tables = await serveScheduleTables();
  reader = createUsageReader(tables.client, USAGE_TABLE);
  const store = createUsageStore(tables.client, USAGE_TABLE);
  const write = (scheduleId: string, part: UsagePart, success: number) =>
    store.replace({ scheduleId, part, usage: aUsage(success, 10), read: undefined });
  for (const id of ['a', 'b', 'task:c']) await write(id, 'total', id.length);
  for (const day of ['20', '21', '22', '23']) await write('a', `day#2026-11-${day}`, Number(day));
});

afterAll(async () => {
  await tables[Symbol.asyncDispose]();
});

describe('sums', () => {
  it('are listed by id, totals alone, with what reading them cost', async () => {
    const first = await reader.list({ limit: 2 });
    const second = await reader.list({
      limit: 2,
      ...(first.next !== undefined && { after: first.next }),
    });

    expect(
      [...first.usages, ...second.usages].map((one) => [one.scheduleId, one.usage.jobs.success]),
    ).toEqual([
      ['a', 1],
      ['b', 1],
      ['task:c', 6],
    ]);
    // One query of the index, and one batch of strong reads.
    expect(first.cost).toEqual({ requests: 2, itemsRead: 4, readUnits: 2.5 });
    expect(second.next).toBeUndefined();
  });

  it('of single schedules are those that there are, in the order that was asked for', async () => {
    const { usages } = await reader.totals(['task:c', 'nobody', 'a']);

    expect(usages.map(({ scheduleId }) => scheduleId)).toEqual(['task:c', 'a']);
  });

  it('of days are read by one query, both ends included', async () => {
    const { days, cost } = await reader.days({
      scheduleId: 'a',
      from: '2026-11-21',
      to: '2026-11-22',
    });

    expect(days.map(({ day, usage }) => [day, usage.jobs.success])).toEqual([
      ['2026-11-21', 21],
      ['2026-11-22', 22],
    ]);
    expect(cost).toEqual({ requests: 1, itemsRead: 2, readUnits: 0.5 });
  });

  it('of a day leave by TTL 400 days later, and totals stay', async () => {
    const itemOf = async (part: string) =>
      (
        await tables.client.send(
          new GetCommand({ TableName: USAGE_TABLE, Key: { scheduleId: 'a', part } }),
        )
      ).Item;

    expect((await itemOf('day#2026-11-23'))?.['expiresAt']).toBe(
      Date.parse('2027-12-28T00:00:00Z') / 1_000,
    );
    expect(await itemOf('total')).not.toHaveProperty('expiresAt');
  });

  it('that cannot be read fail with store.unavailable', async () => {
    const none = createUsageReader(tables.client, 'Nowhere');

    await expect(none.list({ limit: 1 })).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});
