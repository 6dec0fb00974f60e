import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEarlierResults } from '#shared/adapters/dynamodb/earlier-results.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
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

beforeEach(() => {
  table.sent.length = 0;
});

/** Puts a settled job so many hours before {@link FIRE_TIME}: a success with a result, but for the changes. */
const put = (scheduleId: string, hoursBefore: number, changes: object = {}) =>
  table.client.send(
    new PutCommand({
      TableName: JOBS_TABLE,
      Item: {
        scheduleId,
        fireTime: toIso(FIRE_TIME - hoursBefore * HOUR),
        task: 'sales-report',
        revision: 1,
        deliverBy: FIRE_TIME,
        state: 'settled',
        attempt: 1,
        outcome: 'success',
        finishedAt: toIso(FIRE_TIME),
        result: '1',
        resultExpiresAt: FIRE_TIME + HOUR,
        expiresAt: FIRE_TIME + HOUR,
        ...changes,
      },
    }),
  );
const resultBefore = (scheduleId: string) =>
  createEarlierResults(table.client, JOBS_TABLE).before(
    { scheduleId, fireTime: toIso(FIRE_TIME) },
    FIRE_TIME,
  );
const queries = () => table.sent.filter(({ operation }) => operation.startsWith('Query')).length;

describe('earlier results', () => {
  it('are found by one read of one row where the job before went well', async () => {
    await put('steady', 2, { result: '2' });
    await put('steady', 1, { result: '1' });
    await put('steady', 0, { result: '0' });

    const found = await resultBefore('steady');

    expect(found?.content).toEqual({ kind: 'text', text: '1' });
    expect(queries()).toBe(1);
  });

  it('are found behind failures, expired results, jobs that were asked for and such as run', async () => {
    await put('shaky', 5, { result: 'old' });
    await put('shaky', 4, { result: 'found' });
    await put('shaky', 3, { resultExpiresAt: FIRE_TIME });
    await put('shaky', 2, { outcome: 'error' });
    await put('shaky', 1, { state: 'running', outcome: undefined });
    await put('shaky', 0, { fireTime: `${toIso(FIRE_TIME - 60)}~${'0'.repeat(26)}` });

    const found = await resultBefore('shaky');

    expect(found?.content).toEqual({ kind: 'text', text: 'found' });
    expect(queries()).toBe(2);
  });

  it('are none where the schedule has no other job', async () => {
    await put('young', 0);

    expect(await resultBefore('young')).toBeUndefined();
  });

  it('are not looked for beyond 111 jobs', async () => {
    await put('failing', 200);
    for (let hours = 1; hours <= 111; hours += 1) await put('failing', hours, { outcome: 'error' });

    expect(await resultBefore('failing')).toBeUndefined();
    expect(queries()).toBe(3);
  });
});
