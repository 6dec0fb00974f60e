import { GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJobReader } from '#shared/adapters/dynamodb/job-reader.ts';
import { createJobStore } from '#shared/adapters/dynamodb/job-store.ts';
import { createJobSubmissions } from '#shared/adapters/dynamodb/job-submissions.ts';
import { startInItem } from '#shared/adapters/dynamodb/queued-start.ts';
import { keyOfStart } from '#shared/domain/job/start.ts';
import type { JobSubmissions } from '#shared/ports/job-submissions.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';
import { JOBS_TABLE, type JobsTable, serveJobsTable } from '#test/support/jobs-table.ts';

let table: JobsTable;
let submissions: JobSubmissions;

beforeAll(async () => {
  table = await serveJobsTable();
  submissions = createJobSubmissions(table.client, JOBS_TABLE);
});

afterAll(async () => {
  await table[Symbol.asyncDispose]();
});

const SUFFIX = '~0123456789ABCDEFGHJKMNPQRS';
const startOf = (scheduleId: string, fireTime = '2026-11-23T09:00:00Z') =>
  aStart({
    scheduleId,
    fireTime: `${fireTime}${SUFFIX}`,
    deliverBy: '2026-11-23T10:00:00Z',
    input: { text: '<b>', n: 1 },
    metadata: { team: 'sales' },
  });
const itemOf = async (scheduleId: string, fireTime = `2026-11-23T09:00:00Z${SUFFIX}`) => {
  const Key = { scheduleId, fireTime };
  return (await table.client.send(new GetCommand({ TableName: JOBS_TABLE, Key }))).Item ?? {};
};
const mark = { name: '0123456789ABCDEFGHJKMNPQRS', request: 'this', expiresAt: FIRE_TIME + 60 };

describe('a submitted job', () => {
  it('is queued with the start that begins it', async () => {
    const start = startOf('one');

    expect(await submissions.submit(start, FIRE_TIME)).toEqual({ kind: 'queued' });

    expect(startInItem(await itemOf('one'))).toEqual(start);
    expect(await createJobReader(table.client, JOBS_TABLE).get(keyOfStart(start))).toEqual({
      key: keyOfStart(start),
      id: 'one@20261123T090000Z~0123456789ABCDEFGHJKMNPQRS',
      task: 'sales-report',
      state: 'queued',
      attempt: 0,
      revision: 1,
      deliverBy: FIRE_TIME + 3_600,
      metadata: { team: 'sales' },
    });
  });

  it('keeps the start, with its input, until it has settled, as another attempt may need it', async () => {
    const start = startOf('claimed');
    await submissions.submit(start, FIRE_TIME);
    const store = createJobStore(table.client, JOBS_TABLE);

    const claimed = await store.takeOver(
      {
        key: keyOfStart(start),
        task: start.task,
        revision: 1,
        deliverBy: FIRE_TIME + 3_600,
        metadata: {},
        attempt: 1,
        owner: 'owner-1',
        startedAt: FIRE_TIME,
        leaseUntil: FIRE_TIME + 60,
      },
      { state: 'queued', attempt: 0 },
    );

    expect(claimed).toEqual({ kind: 'written' });
    expect(startInItem(await itemOf('claimed'))).toEqual(start);
    await store.settle(
      keyOfStart(start),
      { state: 'running', attempt: 1, owner: 'owner-1' },
      {
        outcome: 'success',
        finishedAt: FIRE_TIME,
        expiry: { expiresAt: FIRE_TIME + 60, rule: 'schedule:default' },
      },
    );
    expect(await itemOf('claimed')).not.toHaveProperty('start');
  });

  it('is there once though its write is sent twice, as after an answer that was lost', async () => {
    const start = startOf('twice');

    expect(await submissions.submit(start, FIRE_TIME)).toEqual({ kind: 'queued' });
    expect(await submissions.submit(start, FIRE_TIME)).toEqual({ kind: 'queued' });
  });
});

describe('a submission under a mark', () => {
  it('finds the job of the same request from before, and writes nothing', async () => {
    await submissions.submit(startOf('marked'), FIRE_TIME, mark);

    const again = startOf('marked', '2026-11-23T09:00:30Z');
    expect(await submissions.submit(again, FIRE_TIME + 30, mark)).toEqual({
      kind: 'repeated',
      key: { scheduleId: 'marked', fireTime: `2026-11-23T09:00:00Z${SUFFIX}` },
    });
    expect(await itemOf('marked', again.fireTime)).toEqual({});
  });

  it('is refused for another request', async () => {
    await submissions.submit(startOf('taken'), FIRE_TIME, mark);

    expect(
      await submissions.submit(startOf('taken', '2026-11-23T09:00:01Z'), FIRE_TIME, {
        ...mark,
        request: 'that',
      }),
    ).toEqual({ kind: 'mark-taken' });
  });

  it('is new once the mark has expired, though its row is still there', async () => {
    await submissions.submit(startOf('expired'), FIRE_TIME, mark);

    const later = { ...mark, expiresAt: FIRE_TIME + 999 };
    const start = startOf('expired', '2026-11-23T09:01:00Z');
    expect(await submissions.submit(start, FIRE_TIME + 60, later)).toEqual({ kind: 'queued' });
    expect(await itemOf('once:expired', `#${mark.name}`)).toMatchObject({
      expiresAt: FIRE_TIME + 999,
    });
  });

  it('lies where no list of jobs and no follower of the stream meets it', async () => {
    await submissions.submit(startOf('listed'), FIRE_TIME, mark);

    const { Items = [] } = await table.client.send(new ScanCommand({ TableName: JOBS_TABLE }));
    const marks = Items.filter(({ scheduleId }) => scheduleId === 'once:listed');
    expect(marks).toEqual([
      {
        scheduleId: 'once:listed',
        fireTime: `#${mark.name}`,
        job: `2026-11-23T09:00:00Z${SUFFIX}`,
        request: 'this',
        expiresAt: FIRE_TIME + 60,
      },
    ]);
  });
});
