import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJobHistory } from '#shared/adapters/dynamodb/job-history.ts';
import { createJobReader } from '#shared/adapters/dynamodb/job-reader.ts';
import { createJobStore } from '#shared/adapters/dynamodb/job-store.ts';
import { type JobKey, jobKeyOf } from '#shared/domain/job/job-key.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import type { ClaimedJob, Fence, Settlement } from '#shared/domain/job/settlement.ts';
import type { JobHistory, JobReader, JobStore } from '#shared/ports/job-store.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { JOBS_TABLE, type JobsTable, serveJobsTable } from '#test/support/jobs-table.ts';

let table: JobsTable;
let store: JobStore;
let reader: JobReader;
let history: JobHistory;

beforeAll(async () => {
  table = await serveJobsTable();
  store = createJobStore(table.client, JOBS_TABLE);
  reader = createJobReader(table.client, JOBS_TABLE);
  history = createJobHistory(table.client, JOBS_TABLE);
});

afterAll(async () => {
  await table[Symbol.asyncDispose]();
});

const NOW = FIRE_TIME + 86_400;
const RUNNING: Fence = { state: 'running', attempt: 1, owner: 'owner-1' };
const SOURCE = { job: 'daily-sales@20261123T090000Z', finishedAt: '2026-11-23T09:00:02Z' };

function claimed(key: JobKey, changes: Partial<ClaimedJob> = {}): ClaimedJob {
  return {
    key,
    task: 'sales-report',
    revision: 1,
    deliverBy: FIRE_TIME + 3_600,
    metadata: {},
    attempt: 1,
    owner: 'owner-1',
    startedAt: FIRE_TIME,
    leaseUntil: FIRE_TIME + 90,
    ...changes,
  };
}

function ended(outcome: Outcome, changes: Partial<Settlement> = {}): Settlement {
  return {
    outcome,
    finishedAt: FIRE_TIME + 2,
    durationMs: 5,
    ...(outcome === 'success' && {
      result: { state: 'stored', bytes: 1, content: { kind: 'text', text: '7' } },
    }),
    expiry: { resultExpiresAt: NOW + 60, expiresAt: NOW + 60, rule: 'schedule:default' },
    ...changes,
  };
}

/** Settles a job of a schedule, so many minutes after nine. */
async function settle(scheduleId: string, minute: number, settlement: Settlement) {
  const key = jobKeyOf(scheduleId, FIRE_TIME + minute * 60);
  await store.create(claimed(key));
  await store.settle(key, RUNNING, settlement);
}

describe('noteInputs', () => {
  it('notes where an input came from, for as long as the job is kept', async () => {
    const key = jobKeyOf('noted', FIRE_TIME);
    const inputs = [
      { pointer: '/total', ...SOURCE },
      { pointer: '', isStale: true as const },
    ];
    await store.create(claimed(key));

    expect(await store.noteInputs(key, RUNNING, inputs)).toEqual({ kind: 'written' });
    await store.settle(key, RUNNING, ended('success'));

    expect(await reader.get(key)).toMatchObject({ outcome: 'success', inputs });
    const { jobs } = await reader.list({ scheduleId: 'noted', limit: 1, now: NOW, filter: {} });
    expect(jobs).toMatchObject([{ inputs }]);
  });

  it('is gone with the attempt that it was of, when the next begins', async () => {
    const key = jobKeyOf('taken', FIRE_TIME);
    await store.create(claimed(key));
    await store.noteInputs(key, RUNNING, [{ pointer: '/total', ...SOURCE }]);

    await store.takeOver(claimed(key, { attempt: 2, owner: 'owner-2' }), RUNNING);

    expect(await reader.get(key)).not.toHaveProperty('inputs');
    expect(await store.noteInputs(key, RUNNING, [])).toMatchObject({
      kind: 'refused',
      found: { attempt: 2, owner: 'owner-2' },
    });
  });
});

describe('newest', () => {
  const find = (scheduleId: string, isSuccessOnly: boolean, now = NOW) =>
    history.newest({ scheduleId, isSuccessOnly, now });

  it('finds the newest settled job with its result, past what runs, and past failures where only success counts', async () => {
    await settle('mixed', 1, ended('success'));
    await settle('mixed', 2, ended('error'));
    await store.create(claimed(jobKeyOf('mixed', FIRE_TIME + 180)));

    expect(await find('mixed', true)).toMatchObject({
      id: 'mixed@20261123T090100Z',
      content: { kind: 'text', text: '7' },
    });
    expect(await find('mixed', false)).toMatchObject({ id: 'mixed@20261123T090200Z' });
  });

  it('passes over what has expired, and fire times that are yet to come', async () => {
    await settle('later', 1, ended('success'));
    await settle(
      'later',
      2,
      ended('success', { expiry: { expiresAt: NOW, rule: 'schedule:default' } }),
    );
    await settle('later', 24 * 60 + 1, ended('skipped'));

    expect(await find('later', false)).toMatchObject({ id: 'later@20261123T090100Z' });
    expect(await find('later', true, FIRE_TIME)).toBeUndefined();
  });

  it('reads four rows where that is enough, and no more than a hundred', async () => {
    await settle('far', 0, ended('success'));
    for (let minute = 1; minute <= 40; minute += 1) await settle('far', minute, ended('error'));
    const queries = async (search: Promise<unknown>) => {
      const before = table.sent.length;
      const job = await search;
      return [table.sent.length - before, job !== undefined];
    };

    expect(await queries(find('far', false))).toEqual([1, true]);
    expect(await queries(find('far', true))).toEqual([3, true]);
    for (let minute = 41; minute <= 100; minute += 1) await settle('far', minute, ended('error'));
    expect(await queries(find('far', true))).toEqual([3, false]);
  });

  it('finds nothing of a schedule without jobs', async () => {
    expect(await find('nobody', false)).toBeUndefined();
  });
});
