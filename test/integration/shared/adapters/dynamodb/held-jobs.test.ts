import { randomBytes } from 'node:crypto';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHeldJobs } from '#shared/adapters/dynamodb/held-jobs.ts';
import { createJobReader } from '#shared/adapters/dynamodb/job-reader.ts';
import { createJobRetention } from '#shared/adapters/dynamodb/job-retention.ts';
import {
  createRedactionKeyMaker,
  createRedactionKeyReader,
} from '#shared/adapters/dynamodb/stack-key.ts';
import { type JobKey, jobKeyOf } from '#shared/domain/job/job-key.ts';
import { factAttributes, settleAttributes } from '#shared/domain/job/job-row.ts';
import { aPayload } from '#test/support/a-payload.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { JOBS_TABLE, type JobsTable, serveJobsTable } from '#test/support/jobs-table.ts';
import {
  SCHEDULES_TABLE,
  type ScheduleTables,
  serveScheduleTables,
} from '#test/support/schedules-table.ts';

const OWN = {
  resultExpiresAt: FIRE_TIME + 3_600,
  expiresAt: FIRE_TIME + 7_200,
  rule: 'schedule:success',
} as const;

let table: JobsTable;

beforeAll(async () => {
  table = await serveJobsTable();
});

afterAll(async () => {
  await table[Symbol.asyncDispose]();
});

/** Writes a settled job of a schedule that keeps its newest three. */
async function hold(scheduleId: string, minute: number): Promise<JobKey> {
  const key = jobKeyOf(scheduleId, FIRE_TIME + minute * 60);
  const facts = { key, task: 'sales-report', revision: 1, deliverBy: FIRE_TIME, metadata: {} };
  await table.client.send(
    new PutCommand({
      TableName: JOBS_TABLE,
      Item: {
        ...factAttributes(facts),
        attempt: 1,
        ...settleAttributes(key, {
          outcome: 'success',
          finishedAt: FIRE_TIME,
          result: { state: 'stored', bytes: 2, content: { kind: 'payload', payload: aPayload() } },
          expiry: {
            resultExpiresAt: FIRE_TIME + 9_000_000,
            expiresAt: FIRE_TIME + 9_000_000,
            rule: 'schedule:keepLast',
            ownExpiry: OWN,
            keep: { last: 3 },
          },
        }),
      },
    }),
  );
  return key;
}

const read = (key: JobKey) => createJobReader(table.client, JOBS_TABLE).get(key);

describe('held jobs', () => {
  it('are listed newest first, with what decides about them, and leave the list once let go', async () => {
    const held = createHeldJobs(table.client, JOBS_TABLE, () => FIRE_TIME);
    const [first, second] = [await hold('listed', 1), await hold('listed', 2)];
    await hold('other', 3);
    const job = { outcome: 'success', keep: { last: 3 }, ownExpiry: OWN } as const;

    expect(await held.newest('listed', 10)).toEqual([
      { key: second, ...job },
      { key: first, ...job },
    ]);
    expect(await held.newest('listed', 1)).toEqual([{ key: second, ...job }]);
    await held.letGo({ key: first, ...job });

    expect(await held.newest('listed', 10)).toEqual([{ key: second, ...job }]);
    const letGo = await read(first);
    expect(letGo).toMatchObject({ ...times(OWN), retentionRule: 'schedule:success' });
    expect(letGo).not.toHaveProperty('heldBy');
    expect(letGo).not.toHaveProperty('ownExpiry');
  });

  it('are not let go once someone has set their time, nor when they have gone', async () => {
    const held = createHeldJobs(table.client, JOBS_TABLE, () => FIRE_TIME);
    const key = await hold('pinned', 1);
    const seen = await read(key);
    if (!seen) throw new Error('Expected the job that was just written, got none.');
    const expiry = { ...times(OWN), expiresAt: FIRE_TIME + 99_000, rule: 'job:set' } as const;
    const retention = createJobRetention(table.client, JOBS_TABLE, () => FIRE_TIME);

    const isChanged = await retention.change(seen, { expiry });
    await held.letGo({ key, outcome: 'success', ownExpiry: OWN });
    const gone = jobKeyOf('pinned', FIRE_TIME + 120);
    await held.letGo({ key: gone, outcome: 'success', ownExpiry: OWN });

    expect(isChanged).toBe(true);
    expect(await read(key)).toMatchObject({
      expiresAt: FIRE_TIME + 99_000,
      retentionRule: 'job:set',
    });
    expect(await read(gone)).toBeUndefined();
  });
});

describe('a change of times', () => {
  it('holds a job, and lets it go, by one write each of two units and one for the index of what is held', async () => {
    const retention = createJobRetention(table.client, JOBS_TABLE, () => FIRE_TIME);
    const key = await hold('retimed', 1);
    const held = await read(key);
    if (!held) throw new Error('Expected the job that was just written, got none.');

    expect(await retention.change(held, { expiry: OWN })).toBe(true);
    const letGo = table.sent.at(-1);
    const free = await read(key);
    expect(free).not.toHaveProperty('heldBy');
    const until = FIRE_TIME + 9_000_000;
    const longest = {
      resultExpiresAt: until,
      expiresAt: until,
      rule: 'schedule:keepLast',
    } as const;
    const change = { expiry: longest, ownExpiry: OWN, keep: { last: 2 } };
    expect(free && (await retention.change(free, change))).toBe(true);

    expect(await read(key)).toMatchObject({
      heldBy: 'retimed',
      keep: { last: 2 },
      ownExpiry: OWN,
      retentionRule: 'schedule:keepLast',
    });
    expect([letGo?.writeUnits, table.sent.at(-2)?.writeUnits]).toEqual([3, 3]);
  });

  it('takes the time of a result from a job that has none', async () => {
    const retention = createJobRetention(table.client, JOBS_TABLE, () => FIRE_TIME);
    const key = await hold('without', 1);
    const seen = await read(key);
    const { expiresAt, rule } = OWN;

    expect(seen && (await retention.change(seen, { expiry: { expiresAt, rule } }))).toBe(true);

    expect(await read(key)).not.toHaveProperty('resultExpiresAt');
  });

  it('is refused where the times, or the object, are not as they were read any more', async () => {
    const retention = createJobRetention(table.client, JOBS_TABLE, () => FIRE_TIME);
    const key = await hold('changed', 1);
    const seen = await read(key);
    if (!seen) throw new Error('Expected the job that was just written, got none.');
    const expiry = { ...times(OWN), rule: 'job:pinned' } as const;
    const moved = aPayload({ key: 'results/30d/changed/x/1-b' });

    expect(await retention.change({ ...seen, expiresAt: 1 }, { expiry })).toBe(false);
    expect(
      await retention.change({ ...seen, content: { kind: 'payload', payload: moved } }, { expiry }),
    ).toBe(false);
    expect(await retention.change(seen, { expiry, ownExpiry: OWN, payload: moved })).toBe(true);
    expect(await retention.change(seen, { expiry })).toBe(false);
    expect(await read(key)).toMatchObject({
      ...times(OWN),
      retentionRule: 'job:pinned',
      ownExpiry: OWN,
      content: { payload: moved },
    });
  });
});

describe('the key for redacted values', () => {
  let schedules: ScheduleTables;

  beforeAll(async () => {
    schedules = await serveScheduleTables();
  });

  afterAll(async () => {
    await schedules[Symbol.asyncDispose]();
  });

  it('is made once for the life of the stack, read strongly, and asked for again until it is there', async () => {
    const { client } = schedules;
    const reading = createRedactionKeyReader(client, SCHEDULES_TABLE);
    const make = createRedactionKeyMaker(client, SCHEDULES_TABLE, randomBytes);

    expect(await reading()).toBeUndefined();
    await Promise.all([make(), make()]);
    const key = await reading();
    await make();

    expect(key).toHaveLength(32);
    expect(await createRedactionKeyReader(client, SCHEDULES_TABLE)()).toEqual(key);
    const { Item } = await client.send(
      new GetCommand({
        TableName: SCHEDULES_TABLE,
        Key: { scheduleId: '#keys', part: 'redaction' },
      }),
    );
    expect(Item).toEqual({ scheduleId: '#keys', part: 'redaction', key });
  });
});

function times({ resultExpiresAt, expiresAt }: typeof OWN) {
  return { resultExpiresAt, expiresAt };
}
