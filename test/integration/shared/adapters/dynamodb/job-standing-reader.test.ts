import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJobStandingReader } from '#shared/adapters/dynamodb/job-standing-reader.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { JobStandingReader } from '#shared/ports/job-standings.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { JOBS_TABLE, type JobsTable, serveJobsTable } from '#test/support/jobs-table.ts';

let table: JobsTable;
let jobs: JobStandingReader;

beforeAll(async () => {
  table = await serveJobsTable();
  jobs = createJobStandingReader(table.client, JOBS_TABLE);
});

afterAll(async () => {
  await table[Symbol.asyncDispose]();
});

const put = async (rows: readonly Readonly<Record<string, unknown>>[]) => {
  for (let first = 0; first < rows.length; first += 25) {
    const puts = rows.slice(first, first + 25).map((Item) => ({ PutRequest: { Item } }));
    await table.client.send(new BatchWriteCommand({ RequestItems: { [JOBS_TABLE]: puts } }));
  }
};
const row = (scheduleId: string, fireTime: number, state: string) => ({
  scheduleId,
  fireTime: toIso(fireTime),
  state,
});

describe('how jobs stand', () => {
  it('is told of a span, both ends included, without what someone asked for', async () => {
    const suffix = '~0123456789ABCDEFGHJKMNPQRS';
    await put([
      row('span', FIRE_TIME - 1, 'settled'),
      row('span', FIRE_TIME, 'settled'),
      { ...row('span', FIRE_TIME + 1, 'settled'), fireTime: `${toIso(FIRE_TIME + 1)}${suffix}` },
      row('span', FIRE_TIME + 2, 'retrying'),
      row('span', FIRE_TIME + 3, 'queued'),
      row('span', FIRE_TIME + 4, 'running'),
      row('span', FIRE_TIME + 5, 'settled'),
    ]);

    const seen = await jobs.between('span', { from: FIRE_TIME, to: FIRE_TIME + 4 });

    expect(seen).toEqual({
      standings: new Map([
        [FIRE_TIME, 'settled'],
        [FIRE_TIME + 2, 'open'],
        [FIRE_TIME + 3, 'open'],
        [FIRE_TIME + 4, 'open'],
      ]),
      to: FIRE_TIME + 4,
    });
  });

  it('is told up to where five answers of 1 MB reach', async () => {
    const result = 'x'.repeat(200_000);
    await put(
      Array.from({ length: 40 }, (_, at) => ({
        ...row('large', FIRE_TIME + at, 'settled'),
        result,
      })),
    );

    const seen = await jobs.between('large', { from: FIRE_TIME, to: FIRE_TIME + 39 });

    expect(seen.to).toBeLessThan(FIRE_TIME + 39);
    expect(seen.standings.size).toBe(seen.to - FIRE_TIME + 1);
    expect(seen.standings.size).toBeGreaterThan(20);
  });

  it('is told of single fire times', async () => {
    await put([row('single', FIRE_TIME, 'settled'), row('single', FIRE_TIME + 1, 'running')]);

    expect(await jobs.of('single', [FIRE_TIME, FIRE_TIME + 1, FIRE_TIME + 2])).toEqual(
      new Map([
        [FIRE_TIME, 'settled'],
        [FIRE_TIME + 1, 'open'],
      ]),
    );
  });
});
