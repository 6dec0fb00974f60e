import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJobReader } from '#shared/adapters/dynamodb/job-reader.ts';
import { createJobStore } from '#shared/adapters/dynamodb/job-store.ts';
import { createWaitingJobs } from '#shared/adapters/dynamodb/waiting-jobs.ts';
import type { SlotGroup } from '#shared/domain/job/slot.ts';
import { factsOf, keyOfStart, type Start } from '#shared/domain/job/start.ts';
import type { JobStore } from '#shared/ports/job-store.ts';
import type { WaitingJobs } from '#shared/ports/waiting-jobs.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';
import { JOBS_TABLE, type JobsTable, serveJobsTable } from '#test/support/jobs-table.ts';

let table: JobsTable;
let jobs: JobStore;
let waiting: WaitingJobs;

beforeAll(async () => {
  table = await serveJobsTable();
  jobs = createJobStore(table.client, JOBS_TABLE);
  waiting = createWaitingJobs(table.client, JOBS_TABLE);
});

afterAll(async () => {
  await table[Symbol.asyncDispose]();
});

const lookAgainAt = FIRE_TIME + 15;

function startAt(scheduleId: string, time: string): Start {
  return aStart({ scheduleId, fireTime: `2026-11-23T${time}:00Z`, input: { '<b>': 1 } });
}

async function queue(start: Start, waitingFor: SlotGroup): Promise<void> {
  await jobs.createWaiting(start, { waitingFor, lookAgainAt });
}

const RUN = { owner: 'me', attempt: 1, startedAt: FIRE_TIME, leaseUntil: FIRE_TIME + 90 };

describe('the jobs that wait for their turn', () => {
  it('are found oldest first, with the start that each is to be begun with', async () => {
    await queue(startAt('ordered', '10:00'), 'slot:ordered');
    await queue(startAt('ordered', '09:00'), 'slot:ordered');

    expect(await waiting.oldest('slot:ordered')).toEqual(startAt('ordered', '09:00'));
    expect(await waiting.oldest('slot:other')).toBeUndefined();
  });

  it('are those of all schedules that wait for one task', async () => {
    await queue(startAt('later', '10:00'), 'slot:task:report');
    await queue(startAt('sooner', '09:30'), 'slot:task:report');

    expect(await waiting.oldest('slot:task:report')).toMatchObject({ scheduleId: 'sooner' });
  });

  it('wait no longer once they have begun', async () => {
    const start = startAt('begun', '09:00');
    await queue(start, 'slot:begun');

    await jobs.takeOver({ ...factsOf(start), ...RUN }, { state: 'queued', attempt: 0 });

    expect(await waiting.oldest('slot:begun')).toBeUndefined();
    expect(await waiting.standing(keyOfStart(start))).toEqual({
      state: 'running',
      attempt: 1,
      owner: 'me',
      startedAt: '2026-11-23T09:00:00Z',
      leaseUntil: FIRE_TIME + 90,
    });
  });

  it('wait no longer once they have been settled', async () => {
    const start = startAt('settled', '09:00');
    await queue(start, 'slot:settled');

    await jobs.settle(
      keyOfStart(start),
      { state: 'queued', attempt: 0 },
      {
        outcome: 'missed',
        finishedAt: FIRE_TIME,
        expiry: { expiresAt: FIRE_TIME + 60, rule: 'schedule:default' },
      },
    );

    expect(await waiting.oldest('slot:settled')).toBeUndefined();
  });

  it('may have been tried before: such a row gets the start of the next attempt', async () => {
    const start = startAt('retried', '09:00');
    const from = { state: 'running', attempt: 1, owner: 'me' } as const;
    await jobs.create({ ...factsOf(start), ...RUN });
    const error = { name: 'Error', message: 'no' };
    await jobs.retry(keyOfStart(start), from, { error, retryAt: FIRE_TIME + 60, attempts: [] });

    const second = { ...start, attempt: 2 };
    const written = await jobs.wait(
      second,
      { ...from, state: 'retrying' },
      { waitingFor: 'slot:retried', lookAgainAt },
    );

    expect(written).toEqual({ kind: 'written' });
    expect(await waiting.oldest('slot:retried')).toEqual(second);
    expect(await waiting.standing(keyOfStart(start))).toMatchObject({
      state: 'retrying',
      waitingFor: 'slot:retried',
      lookAgainAt,
    });
  });

  it('are shown waiting by whoever reads them', async () => {
    const start = startAt('shown', '09:00');
    await queue(start, 'slot:shown');

    const job = await createJobReader(table.client, JOBS_TABLE).get(keyOfStart(start));

    expect(job).toMatchObject({ state: 'queued', waitingFor: 'slot:shown', lookAgainAt });
  });

  it('do not hide a job that has no row', async () => {
    expect(await waiting.standing(keyOfStart(startAt('none', '09:00')))).toBeUndefined();
  });
});
