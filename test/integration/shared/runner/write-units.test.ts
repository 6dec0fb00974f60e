import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reportSales } from '#functions/tasks/sales-report.ts';
import { createJobReader } from '#shared/adapters/dynamodb/job-reader.ts';
import { createJobStore } from '#shared/adapters/dynamodb/job-store.ts';
import {
  BY_DAY,
  BY_FAILURE,
  DAY,
  dayPartition,
  FAILURE_DAY,
  FINISHED_AT,
  SETTLED_ATTRIBUTES,
} from '#shared/domain/job/job-index.ts';
import { jobKeyOf } from '#shared/domain/job/job-key.ts';
import { LARGEST_TAGS_BYTES } from '#shared/domain/job/job-tags.ts';
import type { StartPolicy } from '#shared/domain/job/policy.ts';
import { itemBytes, WRITE_UNIT_BYTES, writeUnits } from '#shared/domain/result/item-bytes.ts';
import { payloadKey } from '#shared/domain/result/payload-class.ts';
import type { RunTask } from '#shared/runner/run-claimed.ts';
import { aJob } from '#test/support/a-job.ts';
import { aPayload } from '#test/support/a-payload.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';
import { JOBS_TABLE, type JobsTable, serveJobsTable } from '#test/support/jobs-table.ts';
import { RunnerWorld } from '#test/support/runner-world.ts';
import { settledItem } from '#test/support/settled-item.ts';

let table: JobsTable;
let firings = 0;

beforeAll(async () => {
  table = await serveJobsTable();
});

beforeEach(() => {
  table.sent.length = 0;
});

afterAll(async () => {
  await table[Symbol.asyncDispose]();
});

/** Runs one firing against the table, and tells what it sent and how its row came out. */
async function fire(task: RunTask, policy: StartPolicy = { resultExpirationTime: 3_600 }) {
  firings += 1;
  const key = jobKeyOf('daily-sales', FIRE_TIME + firings * 60);
  const world = new RunnerWorld(FIRE_TIME + firings * 60);
  const end = await world.run(aStart({ ...key, policy }), task, {
    jobs: createJobStore(table.client, JOBS_TABLE),
    // As long as the runner's own owners.
    newOwner: () => 'abcdefghijkl',
  });
  const units = table.sent.reduce((sum, request) => sum + request.writeUnits, 0);
  const operations = table.sent.map(({ operation }) => operation);
  const job = await createJobReader(table.client, JOBS_TABLE).get(key);
  return { end, units, operations, job, world };
}

function salesOfBytes(bytes: number) {
  let rows = 0;
  while (JSON.stringify(reportSales({ input: { rows } })).length < bytes) rows += 1;
  return () => reportSales({ input: { rows: rows - 1 } });
}

describe('the write units of a firing, index entries included', () => {
  it('are at most 3, in two requests, for a success with 1 KB of compressible JSON', async () => {
    const { units, operations, job } = await fire(salesOfBytes(1_024));

    expect(job?.resultBytes).toBeGreaterThan(900);
    expect(job?.content?.kind).toBe('zstd');
    expect(operations).toEqual(['PutItem', 'UpdateItem']);
    expect(units).toBe(3);
  });

  it('are at most 4 for a success with 5 KB of rows', async () => {
    const { units, job } = await fire(salesOfBytes(5_120));

    expect(job?.resultBytes).toBeGreaterThan(5_000);
    expect(units).toBeLessThanOrEqual(4);
  });

  it('are at most 5 for a failure, however long its message and its stack', async () => {
    const { end, units, job } = await fire(function aFunctionWithALongName() {
      throw new Error('An error that has much to say. '.repeat(100), {
        cause: new Error('x'.repeat(10_000)),
      });
    });

    expect(end).toMatchObject({ outcome: 'error' });
    expect(job?.error?.stack).toContain('aFunctionWithALongName');
    expect(units).toBeLessThanOrEqual(5);
  });

  it('are at most 6 for each attempt of many, however much each had to say', async () => {
    const says = 'An error that has much to say. '.repeat(100);
    const fail = () => {
      throw new Error(says, { cause: new Error(says) });
    };
    const retry = { maxAttempts: 8, delay: 0, factor: 1, maxDelay: 0 };
    const units: number[] = [];
    const world = new RunnerWorld(FIRE_TIME + 86_400);
    const key = jobKeyOf('daily-sales', world.nowSeconds);
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      table.sent.length = 0;
      const policy = { resultExpirationTime: 3_600, retry };
      await world.run(aStart({ ...key, attempt, policy }), attempt < 8 ? fail : () => 1, {
        jobs: createJobStore(table.client, JOBS_TABLE),
        newOwner: () => 'abcdefghijkl',
      });
      units.push(table.sent.reduce((sum, request) => sum + request.writeUnits, 0));
    }

    const job = await createJobReader(table.client, JOBS_TABLE).get(key);
    expect(job?.attempts?.map(({ attempt }) => attempt)).toEqual([4, 5, 6, 7, 8]);
    expect(units).toEqual([3, 4, 4, 5, 6, 6, 6, 6]);
  });

  it('are one more for what a task says of its progress, and none where it says nothing', async () => {
    const { units, operations } = await fire(async ({ progress }) => {
      progress(0.5, 'half way '.repeat(50));
      await new Promise((resolve) => setImmediate(resolve));
    });

    expect(operations).toEqual(['PutItem', 'UpdateItem', 'UpdateItem']);
    expect(units).toBe(4);
  });

  it('are at most 3 where no result is kept, of which no byte is in the row', async () => {
    const { units, job } = await fire(salesOfBytes(50_000), { resultExpirationTime: 0 });

    expect(job).toMatchObject({ resultState: 'off', outcome: 'success' });
    expect(job).not.toHaveProperty('content');
    expect(units).toBe(3);
  });

  it('are at most 3 where the result is in S3', async () => {
    const { units, job, world } = await fire(() => reportSales({ input: { rows: 15_000 } }));

    expect(job?.content?.kind).toBe('payload');
    expect(world.results).toHaveLength(1);
    expect(units).toBe(3);
  });

  it('are one for the index entry of a result in S3, with the longest ids and as many tags as there may be', async () => {
    const scheduleId = `task:${'x'.repeat(64)}`;
    const key = { scheduleId, fireTime: '2026-11-23T09:00:00Z~01KB0Q1V7Z0000000000000000' };
    const place = { key, attempt: 100, owner: 'abcdefghijkl' };
    const payload = aPayload({ key: payloadKey(place, 3660), bytes: 52_428_800 });
    const item = settledItem(
      aJob({
        key,
        task: 'x'.repeat(64),
        attempt: 100,
        durationMs: 899_999,
        resultBytes: payload.bytes,
        content: { kind: 'payload', payload },
        metadata: { tag: 't'.repeat(LARGEST_TAGS_BYTES - 6) },
      }),
    );
    const attributes = [DAY, FINISHED_AT, 'scheduleId', 'fireTime', ...SETTLED_ATTRIBUTES];

    const entry = Object.fromEntries(attributes.map((name) => [name, item[name]]));

    expect(entry['tags']).toHaveLength(LARGEST_TAGS_BYTES);
    expect(itemBytes(entry)).toBeLessThanOrEqual(WRITE_UNIT_BYTES);
  });
});

describe('the indexes', () => {
  it('hold a settled job once, and a failed one in both', async () => {
    const { job: success } = await fire(() => 1);
    const { job: failure } = await fire(() => {
      throw new Error('no');
    });
    const found = async (index: string, partition: string, job: typeof success) => {
      const { Items = [] } = await table.client.send(
        new QueryCommand({
          TableName: JOBS_TABLE,
          IndexName: index,
          KeyConditionExpression: '#partition = :day',
          ExpressionAttributeNames: { '#partition': partition },
          ExpressionAttributeValues: {
            ':day': job && dayPartition(job.key, FIRE_TIME),
          },
        }),
      );
      return Items.filter((item) => item['fireTime'] === job?.key.fireTime);
    };

    expect(await found(BY_DAY, DAY, success)).toMatchObject([
      { outcome: 'success', task: 'sales-report' },
    ]);
    expect(await found(BY_FAILURE, FAILURE_DAY, success)).toEqual([]);
    expect(await found(BY_DAY, DAY, failure)).toHaveLength(1);
    expect(await found(BY_FAILURE, FAILURE_DAY, failure)).toMatchObject([{ outcome: 'error' }]);
  });
});

describe('itemBytes', () => {
  it('counts the units that DynamoDB bills, on both sides of each kilobyte', async () => {
    const item = (length: number) => ({
      scheduleId: 'sized',
      fireTime: '2026-11-23T09:00:00Z',
      numbers: [1_795_424_400, -12.5, 0],
      flags: { yes: true, none: null },
      text: 'x'.repeat(length),
    });
    const rest = itemBytes(item(0));

    for (const kilobytes of [1, 2, 5]) {
      for (const length of [kilobytes * 1_024 - rest, kilobytes * 1_024 - rest + 1]) {
        table.sent.length = 0;
        await table.client.send(new PutCommand({ TableName: JOBS_TABLE, Item: item(length) }));
        expect(table.sent[0]?.writeUnits).toBe(writeUnits(itemBytes(item(length))));
      }
    }
  });
});
