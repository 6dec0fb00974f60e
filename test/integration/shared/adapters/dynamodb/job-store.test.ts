import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJobHistory } from '#shared/adapters/dynamodb/job-history.ts';
import { createJobReader } from '#shared/adapters/dynamodb/job-reader.ts';
import { createJobStore } from '#shared/adapters/dynamodb/job-store.ts';
import { createJobWatch } from '#shared/adapters/dynamodb/job-watch.ts';
import { type JobKey, jobKeyOf } from '#shared/domain/job/job-key.ts';
import type { ClaimedJob, Settlement } from '#shared/domain/job/settlement.ts';
import type { JobReader, JobStore } from '#shared/ports/job-store.ts';
import type { JobWatch } from '#shared/ports/job-watch.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { JOBS_TABLE, type JobsTable, serveJobsTable } from '#test/support/jobs-table.ts';

let table: JobsTable;
let store: JobStore;
let reader: JobReader;
let watch: JobWatch;
let keys = 0;

beforeAll(async () => {
  table = await serveJobsTable();
  store = createJobStore(table.client, JOBS_TABLE);
  reader = createJobReader(table.client, JOBS_TABLE);
  watch = createJobWatch(table.client, JOBS_TABLE);
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
    expiry: {
      resultExpiresAt: FIRE_TIME + 3_605,
      expiresAt: FIRE_TIME + 4_560,
      rule: 'schedule:default',
    },
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
      found: { ...running, startedAt: '2026-11-23T09:00:00Z', leaseUntil: FIRE_TIME + 90 },
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
      found: {
        ...running,
        state: 'settled',
        startedAt: '2026-11-23T09:00:00Z',
        outcome: 'success',
      },
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
  const attempts = [
    {
      attempt: 1,
      outcome: 'timed-out',
      startedAt: '2026-11-23T09:00:00Z',
      durationMs: 9_000,
      error: { name: 'TimedOut', message: 'late' },
    },
  ] as const;

  it('lets a failed attempt go with its error, for the next attempt to take', async () => {
    const job = aClaimedJob();
    const error = { name: 'Error', message: 'no', stack: 'at a.ts:1' };
    await store.create(job);

    await store.report(job.key, running, { fraction: 0.5, at: '2026-11-23T09:00:02Z' });
    await store.retry(job.key, running, { error, retryAt: FIRE_TIME + 600, attempts });

    const refused = await store.create({ ...job, owner: 'owner-2', attempt: 2 });
    const found = {
      ...running,
      state: 'retrying',
      startedAt: '2026-11-23T09:00:00Z',
      attempts,
    } as const;
    expect(refused).toEqual({ kind: 'refused', found });
    const waiting = await reader.get(job.key);
    expect(waiting).toMatchObject({
      state: 'retrying',
      error,
      retryAt: '2026-11-23T09:10:00Z',
      attempts,
    });
    expect(waiting).not.toHaveProperty('progress');
    await store.takeOver({ ...job, owner: 'owner-2', attempt: 2, attempts }, found);
    const taken = await reader.get(job.key);
    expect(taken).toMatchObject({ state: 'running', attempt: 2, owner: 'owner-2', attempts });
    expect(taken).not.toHaveProperty('error');
    expect(taken).not.toHaveProperty('retryAt');
  });

  it('keeps the ends of all attempts with the last one', async () => {
    const job = aClaimedJob();
    await store.create(job);
    const ended = { attempt: 2, outcome: 'success', durationMs: 7 } as const;

    await store.settle(job.key, running, aSettlement({ attempts: [...attempts, ended] }));

    expect((await reader.get(job.key))?.attempts).toEqual([...attempts, ended]);
  });
});

describe('report', () => {
  const progress = { fraction: 0.25, note: '1 of 4', at: '2026-11-23T09:00:02Z' };

  it('notes how far an attempt has come, and is gone from the settled row', async () => {
    const job = aClaimedJob();
    await store.create(job);

    await store.report(job.key, running, progress);

    expect(await reader.get(job.key)).toMatchObject({ ...running, progress });
    await store.settle(job.key, running, aSettlement());
    expect(await reader.get(job.key)).not.toHaveProperty('progress');
  });

  it('is refused to an attempt that no longer holds the job', async () => {
    const job = aClaimedJob();
    await store.create(job);
    await store.takeOver({ ...job, owner: 'owner-2', attempt: 2 }, running);

    const written = await store.report(job.key, running, progress);

    expect(written).toMatchObject({ kind: 'refused', found: { attempt: 2 } });
    expect(await reader.get(job.key)).not.toHaveProperty('progress');
  });
});

describe('successBefore', () => {
  const NOW = FIRE_TIME + 100;

  async function settled(minute: number, changes: Partial<Settlement>) {
    const key = jobKeyOf('looked-back', FIRE_TIME + minute * 60);
    await store.create(aClaimedJob({ key }));
    await store.settle(key, running, aSettlement(changes));
    return key;
  }

  it('finds the newest success before a job, past failures, what runs and what has expired', async () => {
    const history = createJobHistory(table.client, JOBS_TABLE);
    await settled(1, {});
    const found = await settled(2, {});
    await settled(3, { outcome: 'error' });
    await settled(4, { expiry: { expiresAt: NOW, rule: 'schedule:default' } });
    await store.create(aClaimedJob({ key: jobKeyOf('looked-back', FIRE_TIME + 5 * 60) }));
    await settled(7, {});
    table.sent.length = 0;

    const job = await history.successBefore(jobKeyOf('looked-back', FIRE_TIME + 6 * 60), NOW);

    expect(job).toMatchObject({ key: found, outcome: 'success', resultState: 'stored' });
    expect(job).not.toHaveProperty('content');
    expect(table.sent.map(({ operation }) => operation)).toEqual(['Query']);
  });

  it('finds nothing before the first', async () => {
    const history = createJobHistory(table.client, JOBS_TABLE);

    expect(await history.successBefore(jobKeyOf('looked-back', FIRE_TIME), NOW)).toBeUndefined();
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
      await store.settle(
        key,
        running,
        aSettlement({ expiry: { expiresAt, rule: 'schedule:default' } }),
      );
    }
    const key = jobKeyOf('listed', FIRE_TIME + 300);
    await store.create(aClaimedJob({ key }));

    const first = await reader.list({ scheduleId: 'listed', filter: {}, limit: 3, now: 50 });
    const second = await reader.list({
      scheduleId: 'listed',
      filter: {},
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
    await store.settle(
      key,
      running,
      aSettlement({ expiry: { expiresAt: 100, rule: 'schedule:default' } }),
    );
    const seenAt = async (now: number) =>
      (await reader.list({ scheduleId: 'expiring', filter: {}, limit: 1, now })).jobs.length;

    expect([await seenAt(99), await seenAt(100)]).toEqual([1, 0]);
  });
});

describe('requestCancel', () => {
  const request = { at: '2026-11-23T09:00:30Z', by: 'ada', note: 'wrong month' };

  it('is noted on a running job, and shown', async () => {
    const job = aClaimedJob();
    await store.create(job);

    expect(await store.requestCancel(job.key, running, request)).toEqual({ kind: 'written' });

    expect(await reader.get(job.key)).toMatchObject({
      state: 'running',
      cancelRequested: request,
    });
    expect(await watch.look(job)).toBe('cancelled');
  });

  it('keeps the job from being let go for another attempt, but not from ending', async () => {
    const job = aClaimedJob();
    await store.create(job);
    await store.requestCancel(job.key, running, request);

    const error = { name: 'Error', message: 'no' };
    const failure = { error, retryAt: FIRE_TIME + 60, attempts: [] };
    const retried = await store.retry(job.key, running, failure);

    expect(retried).toMatchObject({ kind: 'refused', found: { isCancelRequested: true } });
    expect(await store.settle(job.key, running, aSettlement())).toEqual({ kind: 'written' });
  });

  it('is refused for an attempt that is over', async () => {
    const job = aClaimedJob();
    await store.create(job);
    await store.settle(job.key, running, aSettlement());

    expect(await store.requestCancel(job.key, running, request)).toMatchObject({ kind: 'refused' });
  });
});

describe('a watched job', () => {
  it('is wanted while its attempt holds it, and taken from then on', async () => {
    const job = aClaimedJob();
    await store.create(job);

    expect(await watch.look(job)).toBe('wanted');
    expect(await watch.look({ ...job, owner: 'owner-2' })).toBe('taken');
    await store.settle(job.key, running, aSettlement());
    expect(await watch.look(job)).toBe('taken');
    expect(await watch.look(aClaimedJob())).toBe('taken');
  });
});
