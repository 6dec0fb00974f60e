import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { AlmanacError } from '#shared/domain/almanac-error.ts';
import { jitterSeconds } from '#shared/domain/job/jitter.ts';
import { keyOfStart } from '#shared/domain/job/start.ts';
import { parseUnsettledJob } from '#shared/domain/job/unsettled-job.ts';
import { PermanentError } from '#shared/runner/permanent-error.ts';
import { RetryAfter } from '#shared/runner/retry-after.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';
import { RunnerWorld } from '#test/support/runner-world.ts';

const key = keyOfStart(aStart());
const retry = { maxAttempts: 3, delay: 10, factor: 2, maxDelay: 60 };
const RETRYING = { resultExpirationTime: 3_600, retry };

function fail(): never {
  throw new Error('no');
}

function rowOf(world: RunnerWorld) {
  return world.jobs.row(key);
}

describe('runJob', () => {
  it('claims, runs and settles a job by two writes, and loads neither S3 nor SQS', async () => {
    const world = new RunnerWorld();

    const end = await world.run(aStart(), () => ({ total: 3 }));

    expect(end).toEqual({ kind: 'settled', outcome: 'success', attempt: 1 });
    expect(world.jobs.writes).toEqual(['create 1', 'settle 1']);
    expect(rowOf(world)?.settlement).toMatchObject({
      result: { state: 'stored', bytes: 11, content: { kind: 'text', text: '{"total":3}' } },
      expiry: { resultExpiresAt: FIRE_TIME + 3_600, expiresAt: FIRE_TIME + 3_600 + 960 },
    });
    expect([...world.loaded]).toEqual([]);
  });

  it('rounds the finish up, so that no result expires before its time', async () => {
    const world = new RunnerWorld();

    await world.run(aStart(), () => 1, { nowMs: () => FIRE_TIME * 1000 + 1 });

    expect(rowOf(world)?.settlement?.finishedAt).toBe(FIRE_TIME + 1);
  });

  it('keeps nothing of a result whose expiration time is 0', async () => {
    const world = new RunnerWorld();

    await world.run(aStart({ policy: { resultExpirationTime: 0 } }), () => 'secret');

    expect(rowOf(world)?.settlement?.result).toEqual({ state: 'off' });
    expect(JSON.stringify([...world.jobs.rows])).not.toContain('secret');
  });

  it('settles a success whose result cannot be written as JSON, with the reason', async () => {
    const world = new RunnerWorld();
    const circle: unknown[] = [];
    circle.push(circle);

    const end = await world.run(aStart(), () => circle);

    expect(end).toMatchObject({ outcome: 'success' });
    expect(rowOf(world)?.settlement?.result).toEqual({
      state: 'unserializable',
      reason: 'result[0] leads back to itself',
    });
  });

  it('puts a large result into the bucket before the row points to it', async () => {
    const world = new RunnerWorld();
    const rows = Array.from({ length: 3_000 }, (_, index) => ({ index, hash: index ** 7 % 9_973 }));

    await world.run(aStart(), () => rows);

    const [object] = world.results;
    expect(object?.key).toBe('results/1d/daily-sales/20261123T090000Z/1-owner-1');
    expect(JSON.parse(gunzipSync(object?.body ?? '').toString())).toEqual(rows);
    expect(rowOf(world)?.settlement?.result).toMatchObject({
      state: 'stored',
      content: {
        kind: 'payload',
        payload: { key: object?.key, keptUntil: '2026-11-24T09:00:00Z' },
      },
    });
  });

  it('leaves the job to its lease where the bucket does not take the result', async () => {
    const world = new RunnerWorld();
    const payloads = () => Promise.reject(new AlmanacError('store.unavailable', 'no bucket'));

    const run = world.run(aStart(), () => 'x'.repeat(2_000_000), { payloads });

    await expect(run).rejects.toThrow('no bucket');
    expect(rowOf(world)?.state).toBe('running');
  });

  it('settles an error with its words', async () => {
    const world = new RunnerWorld();

    const end = await world.run(aStart(), fail);

    expect(end).toEqual({ kind: 'settled', outcome: 'error', attempt: 1 });
    expect(rowOf(world)?.settlement?.error).toMatchObject({ name: 'Error', message: 'no' });
  });

  it('times an attempt out that passes the policy', async () => {
    const world = new RunnerWorld();
    const start = aStart({ policy: { resultExpirationTime: 60, timeoutSeconds: 0.01 } });

    const end = await world.run(
      start,
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );

    expect(end).toMatchObject({ kind: 'settled', outcome: 'timed-out' });
    expect(rowOf(world)?.settlement?.error?.name).toBe('TimedOut');
  });

  it('settles an error that the function lets go of, and says that the process is lost', async () => {
    const world = new RunnerWorld();

    const end = await world.run(aStart(), () => {
      world.lostErrors.emit('uncaughtException', new Error('in a timer'));
      return new Promise(() => {});
    });

    expect(end).toEqual({ kind: 'settled', outcome: 'error', attempt: 1, isProcessLost: true });
    expect(rowOf(world)?.settlement?.error?.name).toBe('UncaughtException');
  });

  it('runs a duplicate start not again', async () => {
    const world = new RunnerWorld();
    await world.run(aStart(), () => 1);

    const end = await world.run(aStart(), fail);

    expect(end).toEqual({ kind: 'already-settled' });
    expect(world.jobs.writes).toEqual(['create 1', 'settle 1']);
  });

  it('writes nothing where another attempt has taken the job over', async () => {
    const world = new RunnerWorld();

    const end = await world.run(aStart(), async () => {
      world.nowSeconds += 1_000;
      await world.run(aStart({ attempt: 2 }), () => 'theirs');
      return 'ours';
    });

    expect(end).toEqual({ kind: 'fenced-off' });
    expect(world.jobs.writes).toEqual(['create 1', 'take 2', 'settle 2']);
    expect(world.unsettled.size).toBe(0);
  });

  it('takes its own earlier settle, whose answer was lost, as its settle', async () => {
    const world = new RunnerWorld();
    const { jobs } = world;

    const end = await world.run(aStart(), () => 1, {
      jobs: {
        ...jobs,
        settle: async (...write) => {
          await jobs.settle(...write);
          return jobs.settle(...write);
        },
      },
    });

    expect(end).toEqual({ kind: 'settled', outcome: 'success', attempt: 1 });
  });

  it('takes its own earlier claim as its claim', async () => {
    const world = new RunnerWorld();
    const { jobs } = world;

    const end = await world.run(aStart(), () => 1, {
      jobs: {
        ...jobs,
        create: async (job) => {
          await jobs.create(job);
          return jobs.create(job);
        },
      },
    });

    expect(end).toEqual({ kind: 'settled', outcome: 'success', attempt: 1 });
  });

  it('leaves an end that cannot be written in the bucket, whole, and throws', async () => {
    const world = new RunnerWorld();
    const settle = () => Promise.reject(new AlmanacError('store.unavailable', 'throttled'));

    const run = world.run(aStart(), () => ({ total: 3 }), { jobs: { ...world.jobs, settle } });

    await expect(run).rejects.toThrow('throttled');
    const text = world.unsettled.get('unsettled/daily-sales/20261123T090000Z/1-owner-1') ?? '';
    expect(parseUnsettledJob(text)).toMatchObject({
      key,
      attempt: 1,
      owner: 'owner-1',
      settlement: { outcome: 'success', result: { content: { text: '{"total":3}' } } },
    });
  });
});

describe('runJob, for a start that comes late', () => {
  it('does not ask about the schedule within 90 seconds', async () => {
    const world = new RunnerWorld(FIRE_TIME + 89);

    await world.run(aStart(), () => 1);

    expect(world.scheduleReads).toBe(0);
  });

  it('runs it where the schedule still wants to be fired', async () => {
    const world = new RunnerWorld(FIRE_TIME + 91);

    const end = await world.run(aStart(), () => 1);

    expect(end).toMatchObject({ kind: 'settled', outcome: 'success' });
    expect(world.scheduleReads).toBe(1);
  });

  it('settles it as skipped, with the reason, where the schedule is gone', async () => {
    const world = new RunnerWorld(FIRE_TIME + 91);
    world.scheduleStatus = { kind: 'deleted', at: FIRE_TIME - 5 };

    const end = await world.run(aStart(), fail);

    expect(end).toEqual({ kind: 'unrun', outcome: 'skipped' });
    expect(rowOf(world)?.settlement?.error?.name).toBe('ScheduleDeleted');
  });

  it('settles it as missed after the window, and drops it unwritten once the row could be gone', async () => {
    const missed = new RunnerWorld(FIRE_TIME + 3_601);
    const dropped = new RunnerWorld(FIRE_TIME + 3_600 + 900);

    expect(await missed.run(aStart(), fail)).toEqual({ kind: 'unrun', outcome: 'missed' });
    expect(await dropped.run(aStart(), fail)).toEqual({ kind: 'dropped' });
    expect([missed.jobs.writes, dropped.jobs.writes]).toEqual([['create settled'], []]);
  });

  it('leaves a job alone that has a row', async () => {
    const world = new RunnerWorld();
    await world.run(aStart(), () => 1);
    world.nowSeconds = FIRE_TIME + 3_601;

    expect(await world.run(aStart(), fail)).toEqual({ kind: 'unrun', outcome: undefined });
    expect(rowOf(world)?.outcome).toBe('success');
  });
});

describe('runJob, with jitter', () => {
  const start = aStart({ policy: { resultExpirationTime: 3_600, maxJitter: 600 } });
  const due = FIRE_TIME + jitterSeconds(start);

  it('sends an early start on and holds no lease, then runs it at its own time', async () => {
    const world = new RunnerWorld();

    expect(await world.run(start, fail)).toEqual({ kind: 'early', until: due });
    expect(world.sent).toEqual([{ kind: 'start', notBefore: due, start }]);
    expect(world.jobs.writes).toEqual([]);
    world.nowSeconds = due;

    expect(await world.run(start, () => 1)).toMatchObject({ kind: 'settled' });
    expect(world.sent).toHaveLength(1);
  });
});

describe('runJob, with a retry policy', () => {
  const start = aStart({ policy: RETRYING });

  it('sends the delayed start first, then lets the job go', async () => {
    const world = new RunnerWorld();

    const end = await world.run(start, fail, {
      jobs: {
        ...world.jobs,
        retry: (...write) => {
          expect(world.sent).toHaveLength(1);
          return world.jobs.retry(...write);
        },
      },
    });

    const [message] = world.sent;
    const at = message?.notBefore ?? 0;
    expect(end).toEqual({ kind: 'retrying', attempt: 1, nextAttemptAt: at });
    expect(message).toEqual({ kind: 'start', notBefore: at, start: { ...start, attempt: 2 } });
    expect(at).toBeGreaterThan(FIRE_TIME);
    expect(at).toBeLessThanOrEqual(FIRE_TIME + 10);
    expect(rowOf(world)).toMatchObject({
      state: 'retrying',
      attempt: 1,
      failure: { retryAt: at, error: { message: 'no' } },
    });
  });

  it('keeps how each attempt ended, the successful one too', async () => {
    const world = new RunnerWorld();

    await world.run(start, fail);
    world.nowSeconds = FIRE_TIME + 10;
    await world.run({ ...start, attempt: 2 }, () => 1);

    expect(rowOf(world)?.settlement?.attempts).toEqual([
      {
        attempt: 1,
        outcome: 'error',
        startedAt: '2026-11-23T09:00:00Z',
        durationMs: expect.any(Number),
        error: { name: 'Error', message: 'no' },
      },
      {
        attempt: 2,
        outcome: 'success',
        startedAt: '2026-11-23T09:00:10Z',
        durationMs: expect.any(Number),
      },
    ]);
  });

  it('keeps no list of attempts for a job that had one', async () => {
    const world = new RunnerWorld();

    await world.run(start, () => 1);

    expect(rowOf(world)?.settlement).not.toHaveProperty('attempts');
  });

  it('keeps an attempt that died among the attempts of its successor', async () => {
    const world = new RunnerWorld();
    await world.run(start, async () => {
      world.nowSeconds += 1_000;
      await world.run({ ...start, attempt: 2 }, () => 1);
    });

    expect(rowOf(world)?.settlement?.attempts).toMatchObject([
      { attempt: 1, outcome: 'abandoned', error: { name: 'LeaseEnded' } },
      { attempt: 2, outcome: 'success' },
    ]);
  });

  it('makes no further attempt where the task says that none can succeed', async () => {
    const world = new RunnerWorld();

    const end = await world.run(start, () => {
      throw new PermanentError('no such customer');
    });

    expect(end).toEqual({ kind: 'settled', outcome: 'error', attempt: 1 });
    expect(rowOf(world)?.settlement?.error).toMatchObject({
      name: 'PermanentError',
      message: 'no such customer',
    });
    expect(world.sent).toEqual([]);
  });

  it('makes the next attempt when the task asks for it', async () => {
    const world = new RunnerWorld();

    const end = await world.run(start, () => {
      throw new RetryAfter(1_800);
    });

    expect(end).toEqual({ kind: 'retrying', attempt: 1, nextAttemptAt: FIRE_TIME + 1_800 });
    expect(rowOf(world)?.failure?.error.name).toBe('RetryAfter');
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])(
    'takes a wait of %d for the mistake that it is',
    async (seconds) => {
      const world = new RunnerWorld();

      await world.run(start, () => {
        throw new RetryAfter(seconds);
      });

      expect(rowOf(world)?.failure?.error.name).toBe('RangeError');
    },
  );

  it('settles the failure of the last attempt', async () => {
    const world = new RunnerWorld();
    const attempts: number[] = [];
    const task = ({ job }: { job: { attempt: number } }) => {
      attempts.push(job.attempt);
      fail();
    };

    await world.run(start, task);
    for (const message of world.sent)
      if (message.kind === 'start') await world.run(message.start, task);

    expect(attempts).toEqual([1, 2, 3]);
    expect(rowOf(world)).toMatchObject({ state: 'settled', outcome: 'error', attempt: 3 });
  });

  it('gives a retry that comes too late the end of the attempt before', async () => {
    const world = new RunnerWorld();
    await world.run(start, fail);
    world.nowSeconds = FIRE_TIME + 3_601;

    const end = await world.run({ ...start, attempt: 2 }, () => 1);

    expect(end).toEqual({ kind: 'unrun', outcome: 'error' });
    expect(rowOf(world)).toMatchObject({ state: 'settled', outcome: 'error', attempt: 1 });
  });

  it('sends a start on that overtook the write which lets its job go', async () => {
    const world = new RunnerWorld();
    const early = { ...start, attempt: 2 };

    await world.run(start, async () => {
      expect(await world.run(early, fail)).toEqual({ kind: 'held', isSentOn: true });
    });

    expect(world.sent).toEqual([{ kind: 'start', notBefore: FIRE_TIME + 30, start: early }]);
  });

  it('sends a mere duplicate of a running attempt nowhere', async () => {
    const world = new RunnerWorld();

    await world.run(start, async () => {
      expect(await world.run(start, fail)).toEqual({ kind: 'held', isSentOn: false });
    });

    expect(world.sent).toEqual([]);
  });
});
