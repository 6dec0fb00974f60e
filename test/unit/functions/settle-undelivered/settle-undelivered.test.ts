import { beforeEach, describe, expect, it } from 'vitest';
import { takeLetter } from '#functions/settle-undelivered/take-letter.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { type JobKey, jobId } from '#shared/domain/job/job-key.ts';
import type { Start } from '#shared/domain/job/start.ts';
import { encodeUnsettledJob } from '#shared/domain/job/unsettled-job.ts';
import { unsettledKey } from '#shared/domain/result/payload-class.ts';
import type { QueuedMessage } from '#shared/ports/start-queue.ts';
import { aJob, aRunningJob } from '#test/support/a-job.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';
import { aFailedInvocation, anUndeliveredRecord, aRecord } from '#test/support/dead-letters.ts';
import { MemoryJobStore } from '#test/support/memory-job-store.ts';

/** All that settling touches, with each job both as its row and as it is read. */
class SettleWorld {
  now = FIRE_TIME + 60;
  readonly rows = new MemoryJobStore();
  readonly sent: QueuedMessage[] = [];
  readonly lookedAgainAt: number[] = [];
  readonly unsettled = new Map<string, string>();
  readonly #jobs = new Map<string, Job>();

  add(job: Job): void {
    const { key, state, attempt, owner } = job;
    this.#jobs.set(job.id, job);
    this.rows.rows.set(`${key.scheduleId}@${key.fireTime}`, {
      state,
      attempt,
      ...(owner !== undefined && { owner }),
    });
  }

  take(record: Parameters<typeof takeLetter>[0]) {
    return takeLetter(record, {
      now: () => this.now,
      jobs: {
        ...this.rows,
        get: async (key: JobKey) => this.#jobs.get(jobId(key)),
      },
      payloads: {
        getUnsettled: async (key) => this.unsettled.get(key),
        deleteUnsettled: async (key) => void this.unsettled.delete(key),
      },
      queue: { send: async (message) => void this.sent.push(message) },
      lookAgain: async (notBefore) => void this.lookedAgainAt.push(notBefore),
    });
  }

  row(start: Start) {
    return this.rows.row({ scheduleId: start.scheduleId, fireTime: start.fireTime });
  }
}

let world: SettleWorld;

beforeEach(() => {
  world = new SettleWorld();
});

const start = aStart();
const retried = aStart({
  policy: {
    resultExpirationTime: 3_600,
    retry: { maxAttempts: 2, delay: 30, factor: 2, maxDelay: 900 },
  },
});

describe('a letter of a start that never ran', () => {
  it('has it started again', async () => {
    const record = anUndeliveredRecord(start, {
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
    });

    expect(await world.take(record)).toBe('started-again');

    expect(world.sent).toEqual([{ kind: 'start', notBefore: FIRE_TIME + 90, start }]);
    expect(world.row(start)).toBeUndefined();
  });

  it('settles it as undelivered where the refusal is permanent', async () => {
    expect(await world.take(anUndeliveredRecord(start))).toBe('given-up');

    expect(world.row(start)?.settlement).toEqual({
      outcome: 'undelivered',
      finishedAt: FIRE_TIME + 60,
      error: {
        name: 'AccessDeniedException',
        message: 'not authorized to perform: lambda:InvokeFunction',
      },
      expiry: {
        resultExpiresAt: FIRE_TIME + 3_660,
        expiresAt: FIRE_TIME + 4_560,
        rule: 'schedule:default',
      },
    });
    expect(world.sent).toEqual([]);
  });

  it('settles a job that waits for it', async () => {
    world.add(aRunningJob({ state: 'retrying' }));

    expect(await world.take(anUndeliveredRecord(aStart({ attempt: 2 })))).toBe('given-up');

    expect(world.row(start)?.state).toBe('settled');
  });

  it('leaves a job alone that another start has settled', async () => {
    world.add(aJob());

    expect(await world.take(anUndeliveredRecord(start))).toBe('nothing-to-do');

    expect(world.rows.writes).toEqual([]);
  });
});

describe('a letter of a crash', () => {
  it('waits for the end of the lease', async () => {
    world.add(aRunningJob());

    expect(await world.take(aFailedInvocation(start))).toBe('waiting');

    expect(world.lookedAgainAt).toEqual([FIRE_TIME + 130]);
    expect(world.rows.writes).toEqual([]);
  });

  it('abandons the job then, where the policy has no other attempt', async () => {
    world.add(aRunningJob());
    world.now = FIRE_TIME + 130;

    expect(await world.take(aFailedInvocation(start))).toBe('abandoned');

    expect(world.row(start)?.settlement).toMatchObject({
      outcome: 'abandoned',
      finishedAt: FIRE_TIME + 130,
      error: { name: 'Runtime.ExitError', message: 'Runtime exited.' },
    });
  });

  it('has it retried then by the policy, the start sent first', async () => {
    world.add(aRunningJob());
    world.now = FIRE_TIME + 130;
    const order: string[] = [];
    const { retry } = world.rows;
    world.rows.retry = (...args) => {
      order.push(`retry after ${world.sent.length} sent`);
      return retry(...args);
    };

    expect(await world.take(aFailedInvocation(retried))).toBe('retrying');

    expect(order).toEqual(['retry after 1 sent']);
    expect(world.sent).toMatchObject([{ kind: 'start', start: { ...retried, attempt: 2 } }]);
    expect(world.sent[0]?.notBefore).toBeGreaterThan(FIRE_TIME + 130);
    expect(world.row(start)?.state).toBe('retrying');
  });

  it('cuts what Lambda said', async () => {
    world.add(aRunningJob());
    world.now = FIRE_TIME + 130;
    const responsePayload = { errorType: 'Error', errorMessage: 'x'.repeat(10_000) };

    await world.take(aFailedInvocation(start, { responsePayload }));

    expect(world.row(start)?.settlement?.error?.message).toHaveLength(256);
  });
});

describe('an end that an attempt left in the bucket', () => {
  const job = aRunningJob();
  const place = { key: job.key, attempt: 1, owner: 'owner-1' };
  const settlement = {
    outcome: 'success',
    finishedAt: FIRE_TIME + 2,
    expiry: { expiresAt: FIRE_TIME + 4_560, rule: 'schedule:default' },
  } as const;

  beforeEach(() => {
    world.unsettled.set(unsettledKey(place), encodeUnsettledJob({ ...place, settlement }));
  });

  it('is written to the row as it is, before the lease ends, and then deleted', async () => {
    world.add(job);

    expect(await world.take(aFailedInvocation(start))).toBe('completed');

    expect(world.row(start)?.settlement).toEqual({ ...settlement, writtenAt: FIRE_TIME + 60 });
    expect(world.unsettled.size).toBe(0);
  });

  it('is only deleted where the row has been settled', async () => {
    world.add(aJob());

    expect(await world.take(aFailedInvocation(start))).toBe('completed');

    expect(world.rows.writes).toEqual([]);
    expect(world.unsettled.size).toBe(0);
  });

  it('stays out of the row of a later attempt', async () => {
    world.add(aRunningJob({ attempt: 2, owner: 'owner-2' }));

    expect(await world.take(aFailedInvocation(start))).toBe('waiting');

    expect(world.rows.writes).toEqual([]);
  });

  it('does not stop a letter where it cannot be read', async () => {
    world.add(job);
    world.unsettled.set(unsettledKey(place), '{}');

    expect(await world.take(aFailedInvocation(start))).toBe('waiting');
  });
});

describe('another letter', () => {
  it('of a schedule that waits for EventBridge goes back into the starts queue', async () => {
    const project = { kind: 'project', notBefore: 1, scheduleId: 'daily-sales', generation: 2 };

    expect(await world.take(aRecord(project))).toBe('sent-back');

    expect(world.sent).toEqual([{ ...project, notBefore: FIRE_TIME + 960 }]);
  });

  it('that says nothing we know is let go', async () => {
    expect(await world.take(aRecord('hello'))).toBe('unreadable');
  });
});

describe('a crashed attempt whose job was cancelled', () => {
  it('ends cancelled when its lease has ended, whatever the policy would retry', async () => {
    const world = new SettleWorld();
    const retry = { maxAttempts: 5, delay: 1, factor: 1, maxDelay: 1 };
    const start = aStart({ policy: { resultExpirationTime: 0, retry } });
    const cancelRequested = { at: '2026-11-23T09:00:30Z', by: 'ada' };
    world.add(aRunningJob({ cancelRequested }));
    world.now = FIRE_TIME + 200;

    expect(await world.take(aFailedInvocation(start))).toBe('abandoned');

    expect(world.row(start)).toMatchObject({ state: 'settled', outcome: 'cancelled' });
    expect(world.sent).toEqual([]);
  });
});
