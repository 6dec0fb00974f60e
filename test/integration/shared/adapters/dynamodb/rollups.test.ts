import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rollupToItem } from '#shared/adapters/dynamodb/rollup-item.ts';
import { createRollupReader } from '#shared/adapters/dynamodb/rollup-reader.ts';
import { createRollupStore } from '#shared/adapters/dynamodb/rollup-store.ts';
import { createUsageReader } from '#shared/adapters/dynamodb/usage-reader.ts';
import { createUsageStore } from '#shared/adapters/dynamodb/usage-store.ts';
import { addValue } from '#shared/domain/rollup/metric-sum.ts';
import type { Rollup } from '#shared/domain/rollup/rollup.ts';
import { rollupPart } from '#shared/domain/rollup/rollup-part.ts';
import type { RollupReader, RollupStore } from '#shared/ports/rollup-store.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { aUsage } from '#test/support/memory-usage-reader.ts';
import {
  type ScheduleTables,
  serveScheduleTables,
  USAGE_TABLE,
} from '#test/support/schedules-table.ts';

let tables: ScheduleTables;
let store: RollupStore;
let reader: RollupReader;

beforeAll(async () => {
  tables = await serveScheduleTables();
  store = createRollupStore(tables.client, USAGE_TABLE);
  reader = createRollupReader(tables.client, USAGE_TABLE);
});

afterAll(async () => {
  await tables[Symbol.asyncDispose]();
});

const HOUR = 3_600;

function aRollup(values: readonly number[], changes: Partial<Rollup> = {}): Rollup {
  const [first = 0, ...rest] = values;
  const sum = rest.reduce(addValue, addValue(undefined, first));
  const metrics = new Map([['latencyMs', sum]]);
  return { metrics, settledUpTo: '5', expiresAt: FIRE_TIME + 10, ...changes };
}

const write = (scheduleId: string, at: number, rollup: Rollup) =>
  store.replace({ scheduleId, part: rollupPart('hour', at), rollup, read: undefined });

describe('a rollup in the table', () => {
  it.each([
    ['of times', [12.5, 310, 0.001]],
    ['of zeros and what is below', [0, 0, -3, -1e9]],
    ['whose sum is beyond every exact number', [2 ** 53 - 1, 2 ** 53 - 1, 2 ** 53 - 1]],
    ['of the smallest numbers', [1e-100, -1.1e-100]],
  ])('is read back as it was written: one %s', async (id, values) => {
    const rollup = aRollup(values);

    expect(await write(id, FIRE_TIME, rollup)).toBe(true);

    expect(await store.read(id, rollupPart('hour', FIRE_TIME))).toEqual(rollup);
    expect(await store.read(id, rollupPart('day', FIRE_TIME))).toBeUndefined();
  });

  it('is not replaced where other settles have been counted since, and is begun once', async () => {
    const [part, read] = [rollupPart('day', FIRE_TIME), aRollup([1])];
    const rollup = aRollup([1, 2], { settledUpTo: '6' });
    const replace = (over: Rollup | undefined) =>
      store.replace({ scheduleId: 'fenced', part, rollup, read: over });

    expect(await replace(undefined)).toBe(true);
    expect(await replace(undefined)).toBe(false);
    expect(await replace(read)).toBe(false);
    expect(await replace(rollup)).toBe(true);
  });

  it('leaves by TTL', async () => {
    await write('ttl', FIRE_TIME, aRollup([1]));

    const Key = { scheduleId: 'ttl', part: 'metrics#hour#2026-11-23T09' };
    const { Item } = await tables.client.send(new GetCommand({ TableName: USAGE_TABLE, Key }));

    expect(Item?.['expiresAt']).toBe(FIRE_TIME + 10);
  });

  it('is no sum of usage, and not read as one', async () => {
    const usage = createUsageReader(tables.client, USAGE_TABLE);
    const sums = createUsageStore(tables.client, USAGE_TABLE);
    const read = undefined;
    for (const part of ['total', 'day#2026-11-23'] as const)
      await sums.replace({ scheduleId: 'both', part, usage: aUsage(1, 10), read });
    for (const grain of ['hour', 'day'] as const) {
      const part = rollupPart(grain, FIRE_TIME);
      await store.replace({ scheduleId: 'both', part, rollup: aRollup([1]), read });
    }

    const span = { scheduleId: 'both', from: '0000-01-01', to: '9999-12-31' };
    expect((await usage.days(span)).days.map(({ day }) => day)).toEqual(['2026-11-23']);
    expect((await usage.list({ limit: 100 })).usages).toHaveLength(1);
    const range = { scheduleId: 'both', from: FIRE_TIME, to: FIRE_TIME, now: FIRE_TIME };
    expect((await reader.page({ ...range, grain: 'day' })).rollups).toHaveLength(1);
  });
});

describe('rollups', () => {
  it('are read by one query, from the hour of one instant to that of another, but for expired ones', async () => {
    for (const [at, expiresIn] of [
      [-2, 10],
      [-1, 10],
      [0, 0],
      [1, 1],
      [2, 10],
    ] as const)
      await write(
        'range',
        FIRE_TIME + at * HOUR,
        aRollup([at], { expiresAt: FIRE_TIME + expiresIn }),
      );

    const { rollups, next, cost } = await reader.page({
      scheduleId: 'range',
      grain: 'hour',
      from: FIRE_TIME - HOUR,
      to: FIRE_TIME + HOUR + 1,
      now: FIRE_TIME,
    });

    expect(rollups.map(({ from }) => (from - FIRE_TIME) / HOUR)).toEqual([-1, 1]);
    expect(next).toBeUndefined();
    expect(cost).toEqual({ requests: 1, itemsRead: 3, readUnits: 0.5 });
  });

  it('are read on where a page ended', async () => {
    // DynamoDB looks at 1 MB a read.
    const rest = 'x'.repeat(390_000);
    for (const at of [0, 1, 2, 3]) {
      const part = rollupPart('hour', FIRE_TIME + at * HOUR);
      const Item = { ...rollupToItem('pages', part, aRollup([at])), rest };
      await tables.client.send(new PutCommand({ TableName: USAGE_TABLE, Item }));
    }
    const range = {
      scheduleId: 'pages',
      grain: 'hour',
      from: FIRE_TIME,
      to: FIRE_TIME + 3 * HOUR,
      now: FIRE_TIME,
    } as const;

    const first = await reader.page(range);
    const second = await reader.page({ ...range, ...(first.next && { after: first.next }) });

    const read = [...first.rollups, ...second.rollups];
    expect(first.rollups.length).toBeLessThan(4);
    expect(read.map(({ from }) => (from - FIRE_TIME) / HOUR)).toEqual([0, 1, 2, 3]);
    expect(second.next).toBeUndefined();
  });

  it('that cannot be read or written fail with store.unavailable', async () => {
    const none = createRollupStore(tables.client, 'Nowhere');
    const part = rollupPart('hour', FIRE_TIME);
    const range = { scheduleId: 'x', grain: 'hour', from: 0, to: 0, now: 0 } as const;

    const attempts = [
      none.read('x', part),
      none.replace({ scheduleId: 'x', part, rollup: aRollup([1]), read: undefined }),
      createRollupReader(tables.client, 'Nowhere').page(range),
    ];

    for (const attempt of attempts)
      await expect(attempt).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});
