import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJobReader } from '#shared/adapters/dynamodb/job-reader.ts';
import { createJobStore } from '#shared/adapters/dynamodb/job-store.ts';
import { type JobKey, jobKeyOf } from '#shared/domain/job/job-key.ts';
import type { ClaimedJob, Settlement } from '#shared/domain/job/settlement.ts';
import type { JobReader, JobStore } from '#shared/ports/job-store.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { JOBS_TABLE, type JobsTable, serveJobsTable } from '#test/support/jobs-table.ts';

let table: JobsTable;
let store: JobStore;
let reader: JobReader;
let keys = 0;

beforeAll(async () => {
  table = await serveJobsTable();
  store = createJobStore(table.client, JOBS_TABLE);
  reader = createJobReader(table.client, JOBS_TABLE);
});

afterAll(async () => {
  await table[Symbol.asyncDispose]();
});

function newKey(): JobKey {
  keys += 1;
  return jobKeyOf('daily-sales', FIRE_TIME + keys * 60);
}

function aClaimedJob(changes: Partial<ClaimedJob> = {}): ClaimedJob {
  return {
    key: newKey(),
    task: 'sales-report',
    revision: 3,
    deliverBy: FIRE_TIME + 3_600,
    metadata: {},
    attempt: 1,
    owner: 'owner-1',
    startedAt: FIRE_TIME,
    leaseUntil: FIRE_TIME + 90,
    ...changes,
  };
}

function aSettlement(changes: Partial<Settlement> = {}): Settlement {
  return {
    outcome: 'success',
    finishedAt: FIRE_TIME + 5,
    durationMs: 4_321,
    result: { state: 'stored', bytes: 7, content: { kind: 'text', text: '{"a":1}' } },
    expiry: { resultExpiresAt: FIRE_TIME + 3_605, expiresAt: FIRE_TIME + 4_560 },
    ...changes,
  };
}

const running = { state: 'running', attempt: 1, owner: 'owner-1' } as const;

describe('create', () => {
  it('claims a job that has no row, and tells every later claimant who holds it', async () => {
    const job = aClaimedJob();

    const first = await store.create(job);
    const second = await store.create({ ...job, owner: 'owner-2' });

    expect(first).toEqual({ kind: 'written' });
    expect(second).toEqual({
      kind: 'refused',
      found: { ...running, leaseUntil: FIRE_TIME + 90 },
    });
  });

  it('lets one of many win that come at once', async () => {
    const job = aClaimedJob();

    const written = await Promise.all(
      Array.from({ length: 20 }, (_, index) => store.create({ ...job, owner: `owner-${index}` })),
    );

    expect(written.filter(({ kind }) => kind === 'written')).toHaveLength(1);
  });

  it('gives a running row no expiry, as it must not leave by TTL', async () => {
    const job = aClaimedJob({ metadata: { team: 'ops', '': 1e300 } });

    await store.create(job);

    expect(await reader.get(job.key)).toEqual({
      key: job.key,
      id: expect.stringMatching(/^daily-sales@20261123T/),
      task: 'sales-report',
      revision: 3,
      deliverBy: FIRE_TIME + 3_600,
      metadata: { team: 'ops', '': 1e300 },
      ...running,
      startedAt: '2026-11-23T09:00:00Z',
      leaseUntil: FIRE_TIME + 90,
    });
  });
});

describe('settle', () => {
  it('ends the attempt that holds the job, and drops its lease', async () => {
    const job = aClaimedJob();
    await store.create(job);

    const written = await store.settle(job.key, running, aSettlement());

    expect(written).toEqual({ kind: 'written' });
    const settled = await reader.get(job.key);
    expect(settled).toMatchObject({
      state: 'settled',
      outcome: 'success',
      attempt: 1,
      owner: 'owner-1',
      finishedAt: '2026-11-23T09:00:05Z',
      durationMs: 4_321,
      resultState: 'stored',
      resultBytes: 7,
      content: { kind: 'text', text: '{"a":1}' },
      resultExpiresAt: FIRE_TIME + 3_605,
      expiresAt: FIRE_TIME + 4_560,
    });
    expect(settled).not.toHaveProperty('leaseUntil');
  });

  it('is refused to a second settle, which finds the first', async () => {
    const job = aClaimedJob();
    await store.create(job);
    await store.settle(job.key, running, aSettlement());

    const again = await store.settle(job.key, running, aSettlement({ outcome: 'error' }));

    expect(again).toEqual({
      kind: 'refused',
      found: { ...running, state: 'settled', outcome: 'success' },
    });
    expect((await reader.get(job.key))?.outcome).toBe('success');
  });

  it('is refused where there is no row', async () => {
    expect(await store.settle(newKey(), running, aSettlement())).toEqual({ kind: 'refused' });
  });

  it.each([
    ['compressed bytes', { kind: 'zstd', data: Uint8Array.from([1, 2, 255]) } as const],
    [
      'the way to an object',
      {
        kind: 'payload',
        payload: {
          key: 'results/1d/daily-sales/20261123T090000Z/1-owner-1',
          bytes: 2_000_000,
          storedBytes: 300_000,
          sha256: 'ab'.repeat(32),
          encoding: 'gzip',
          type: 'application/json',
          keptUntil: '2026-11-24T09:00:05Z',
        },
      } as const,
    ],
  ])('keeps %s', async (_, content) => {
    const job = aClaimedJob();
    await store.create(job);

    const result = { state: 'stored', bytes: 9, content } as const;
    await store.settle(job.key, running, aSettlement({ result }));

    expect((await reader.get(job.key))?.content).toEqual(content);
  });

  it('shows no time of a result that could not be kept', async () => {
    const job = aClaimedJob();
    await store.create(job);

    const result = { state: 'unserializable', reason: 'result.a threw Error' } as const;
    await store.settle(job.key, running, aSettlement({ result }));

    const settled = await reader.get(job.key);
    expect(settled).toMatchObject({
      resultState: 'unserializable',
      resultReason: 'result.a threw Error',
    });
    expect(settled).not.toHaveProperty('resultExpiresAt');
  });
});

describe('takeOver', () => {
  it('gives the job of a dead attempt to one of those that saw it dead', async () => {
    const job = aClaimedJob();
    await store.create(job);

    const written = await Promise.all(
      ['owner-2', 'owner-3'].map((owner) => store.takeOver({ ...job, owner, attempt: 2 }, running)),
    );

    expect(written.map(({ kind }) => kind).sort()).toEqual(['refused', 'written']);
    expect(await store.settle(job.key, running, aSettlement())).toMatchObject({ kind: 'refused' });
  });
});

describe('retry', () => {
  it('lets a failed attempt go with its error, for the next attempt to take', async () => {
    const job = aClaimedJob();
    const error = { name: 'Error', message: 'no', stack: 'at a.ts:1' };
    await store.create(job);

    await store.retry(job.key, running, { outcome: 'timed-out', error });

    const refused = await store.create({ ...job, owner: 'owner-2', attempt: 2 });
    const found = { ...running, state: 'retrying', lastOutcome: 'timed-out' } as const;
    expect(refused).toEqual({ kind: 'refused', found });
    expect(await reader.get(job.key)).toMatchObject({ state: 'retrying', error });
    await store.takeOver({ ...job, owner: 'owner-2', attempt: 2 }, found);
    const taken = await reader.get(job.key);
    expect(taken).toMatchObject({ state: 'running', attempt: 2, owner: 'owner-2' });
    expect(taken).not.toHaveProperty('error');
  });
});

describe('createSettled', () => {
  it('writes a job that was never begun, unless it has a row', async () => {
    const { key, task, revision, deliverBy, metadata } = aClaimedJob();
    const facts = { key, task, revision, deliverBy, metadata };
    const { result: _, ...settlement } = aSettlement({
      outcome: 'missed',
      error: { name: 'Missed', message: 'late' },
    });

    const first = await store.createSettled(facts, settlement);
    const second = await store.createSettled(facts, settlement);

    expect(first).toEqual({ kind: 'written' });
    expect(second).toEqual({
      kind: 'refused',
      found: { state: 'settled', attempt: 0, outcome: 'missed' },
    });
    expect(await reader.get(key)).toMatchObject({ outcome: 'missed', attempt: 0 });
  });
});

describe('list', () => {
  it('lists newest first in pages, hides what has expired, and leaves results out', async () => {
    const expiries = [100, 10, 100, 100, 10];
    for (const [index, expiresAt] of expiries.entries()) {
      const key = jobKeyOf('listed', FIRE_TIME + index * 60);
      await store.create(aClaimedJob({ key }));
      await store.settle(key, running, aSettlement({ expiry: { expiresAt } }));
    }
    const key = jobKeyOf('listed', FIRE_TIME + 300);
    await store.create(aClaimedJob({ key }));

    const first = await reader.list({ scheduleId: 'listed', limit: 3, now: 50 });
    const second = await reader.list({
      scheduleId: 'listed',
      limit: 4,
      now: 50,
      ...(first.next !== undefined && { after: first.next }),
    });

    expect(first.jobs.map(({ id, state }) => [id, state])).toEqual([
      ['listed@20261123T090500Z', 'running'],
      ['listed@20261123T090300Z', 'settled'],
    ]);
    expect(first.jobs[1]).not.toHaveProperty('content');
    expect(second.jobs.map(({ id }) => id)).toEqual([
      'listed@20261123T090200Z',
      'listed@20261123T090000Z',
    ]);
    expect(second.next).toBeUndefined();
  });

  it('hides a job from the very second of its expiry', async () => {
    const key = jobKeyOf('expiring', FIRE_TIME);
    await store.create(aClaimedJob({ key }));
    await store.settle(key, running, aSettlement({ expiry: { expiresAt: 100 } }));
    const seenAt = async (now: number) =>
      (await reader.list({ scheduleId: 'expiring', limit: 1, now })).jobs.length;

    expect([await seenAt(99), await seenAt(100)]).toEqual([1, 0]);
  });
});
