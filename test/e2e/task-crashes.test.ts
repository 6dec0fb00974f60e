import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { jitterSeconds } from '#shared/domain/job/jitter.ts';
import { jobId } from '#shared/domain/job/job-key.ts';
import { aStart } from '#test/support/a-start.ts';
import { type CloudPlay, playOnCloud } from '#test/support/play-on-cloud.ts';
import { stopSweeps } from '#test/support/stop-sweeps.ts';

/** Lambda kills the task's function after four seconds; its lease lasts half a minute longer, and is honoured ten seconds more. */
const LEASE_SECONDS = 34;
const GRACE_SECONDS = 10;

const RETRY = { maxAttempts: 2, delay: 10, factor: 1, maxDelay: 10 };

let play: CloudPlay;
let firings = 0;

beforeAll(async () => {
  play = await playOnCloud({ assembly: inject('probes') });
  await stopSweeps(play);
});

afterAll(async () => {
  await play[Symbol.asyncDispose]();
});

/** Fires the task once. */
async function fire(end: string, changes: Readonly<Record<string, unknown>> = {}) {
  firings += 1;
  const id = `firing-${firings}`;
  const jobId = await play.fireOnce({ id, task: 'crash', input: { end }, ...changes });
  const shown = async () => Object((await play.api.request('GET', `/v1/jobs/${jobId}`)).json);
  return { id, jobId, shown, firedAt: play.cloud.clock.now() };
}

/** How a process dies, and what its job says of it. */
const DEATHS = [
  ['out of memory', 'Runtime.ExitError', /signal: aborted/],
  ['process.exit', 'Runtime.ExitError', /exit status 3/],
  ['endless loop', 'Sandbox.Timedout', /Task timed out after 4\.00 seconds/],
] as const;

describe('a task that ends its process', () => {
  it.each(DEATHS)(
    'by %s is abandoned when its lease has ended, and not before, with the cause',
    async (end, name, message) => {
      const { shown, firedAt } = await fire(end);

      expect(await shown()).toMatchObject({ state: 'running', attempt: 1 });
      await play.cloud.clock.advanceTo(firedAt + LEASE_SECONDS + GRACE_SECONDS - 2);
      expect(await shown()).toMatchObject({ state: 'running', attempt: 1 });
      await play.cloud.clock.advanceTo(firedAt + LEASE_SECONDS + GRACE_SECONDS);

      expect(await shown()).toMatchObject({
        state: 'settled',
        outcome: 'abandoned',
        attempt: 1,
        error: { name, message: expect.stringMatching(message) },
      });
    },
  );

  it.each([
    ['unhandled rejection', 'UnhandledRejection', /nobody listens/],
    ['uncaught exception', 'UncaughtException', /thrown in a timer/],
  ])('by an %s ends in error at once, with the cause', async (end, name, message) => {
    const { shown } = await fire(end);
    const atOnce = await shown();
    await play.cloud.clock.advanceBy(120);

    expect(atOnce).toMatchObject({
      state: 'settled',
      outcome: 'error',
      attempt: 1,
      error: {
        name,
        message: expect.stringMatching(message),
        stack: expect.stringMatching(/crash\.ts/),
      },
    });
    expect(await shown()).toEqual(atOnce);
  });

  it('is tried again by its retry policy when its lease has ended', async () => {
    const { shown, firedAt } = await fire('process.exit', {
      input: { end: 'process.exit', isOnce: true },
      retry: RETRY,
    });

    await play.cloud.clock.advanceTo(firedAt + LEASE_SECONDS + GRACE_SECONDS);
    const between = await shown();
    await play.cloud.clock.advanceBy(10);

    expect(between).toMatchObject({ state: 'retrying', attempt: 1, retryAt: expect.any(String) });
    expect(await shown()).toMatchObject({
      state: 'settled',
      outcome: 'success',
      attempt: 2,
      attempts: [
        { attempt: 1, outcome: 'abandoned', error: { name: 'Runtime.ExitError' } },
        { attempt: 2, outcome: 'success' },
      ],
    });
  });

  it('is not tried again where the policy retries errors alone', async () => {
    const { shown } = await fire('process.exit', { retry: { ...RETRY, on: ['error'] } });

    await play.cloud.clock.advanceBy(120);

    expect(await shown()).toMatchObject({ state: 'settled', outcome: 'abandoned', attempt: 1 });
  });

  it('leaves what it said of its progress on the job while that is running', async () => {
    const { shown } = await fire('process.exit');
    const dead = await shown();

    await play.cloud.clock.advanceBy(120);

    expect(dead).toMatchObject({
      state: 'running',
      progress: { fraction: 0.5, note: 'half way', at: dead.startedAt },
    });
    expect(await shown()).not.toHaveProperty('progress');
  });
});

describe('a task whose time is up', () => {
  it.each(['deaf to its signal', 'heeding its signal'])(
    'is timed out by the runner at once where it is %s',
    async (end) => {
      const { shown } = await fire(end);

      expect(await shown()).toMatchObject({
        state: 'settled',
        outcome: 'timed-out',
        attempt: 1,
        error: { name: 'TimedOut' },
      });
    },
  );
});

describe('a task that says how it is to be retried', () => {
  it('is not retried where it says that none can succeed', async () => {
    const { shown } = await fire('permanent error', { retry: RETRY });

    expect(await shown()).toMatchObject({
      state: 'settled',
      outcome: 'error',
      attempt: 1,
      error: { name: 'PermanentError', message: 'no such customer' },
    });
  });

  it('is retried after forty minutes where it asks for that, through a queue that delays by fifteen', async () => {
    const { cloud, at } = play;
    const input = { end: 'retry after', isOnce: true };
    const retryAt = at(900 + 2_400);
    const { shown, firedAt } = await fire('retry after', { input, retry: RETRY });
    cloud.requests.reset();

    expect(await shown()).toMatchObject({ state: 'retrying', retryAt });
    await cloud.clock.advanceTo(firedAt + 2_399);
    expect(await shown()).toMatchObject({ state: 'retrying', attempt: 1 });
    const hops = cloud.requests
      .snapshot()
      .filter(({ operation, caller }) => operation === 'SendMessage' && /StartJobs/.test(caller));
    await cloud.clock.advanceTo(firedAt + 2_400);

    expect(hops).toMatchObject([{ count: 2 }]);
    expect(await shown()).toMatchObject({
      state: 'settled',
      outcome: 'success',
      attempt: 2,
      startedAt: retryAt,
    });
  });
});

describe('a schedule with maxJitter', () => {
  it('begins its job at an instant of its own, with the fire time as it is', async () => {
    const { cloud, at, rowsOf } = play;
    const fireTime = at(900);
    const jitterOf = (scheduleId: string) =>
      jitterSeconds(
        aStart({ scheduleId, fireTime, policy: { resultExpirationTime: 0, maxJitter: 1_800 } }),
      );
    // One that is longer than the queue delays by.
    const id = [...'abcdefghijk'].find((one) => jitterOf(one) > 1_000) ?? '';
    const jitter = jitterOf(id);
    const startedAt = at(900 + jitter);

    await play.fireOnce({ id, task: 'crash', maxJitter: '30m' });
    await cloud.clock.advanceBy(jitter - 1);
    expect(await rowsOf(id)).toEqual([]);
    await cloud.clock.advanceBy(1);
    const rows = await rowsOf(id);
    await cloud.clock.advanceBy(3_600);

    expect(rows).toMatchObject([{ fireTime, startedAt, outcome: 'success', attempt: 1 }]);
    expect(await rowsOf(id)).toEqual(rows);
  });
});

describe('a task that looks back', () => {
  it('goes on from the result of the previous success, past failures', async () => {
    const { cloud, api, define, rowsOf } = play;
    const counter = (end: string) => ({
      id: 'counter',
      task: 'crash',
      trigger: { kind: 'cron', expression: 'cron(* * * * ? *)', timeZone: 'UTC' },
      input: { end },
    });
    const change = async (end: string) => {
      const { status } = await api.request('PUT', '/v1/schedules/counter', { body: counter(end) });
      await cloud.settle();
      expect(status).toBe(200);
    };
    await define(counter('one more'));
    await cloud.clock.advanceBy(120);
    const before = (await rowsOf('counter')).length;
    await change('permanent error');
    await cloud.clock.advanceBy(60);
    await change('one more');
    await cloud.clock.advanceBy(60);

    const rows = await rowsOf('counter');
    expect(rows.map(({ outcome }) => outcome)).toEqual([
      ...Array.from({ length: before }, () => 'success'),
      'error',
      'success',
    ]);
    const fireTime = String(rows.at(-1)?.['fireTime']);
    const last = jobId({ scheduleId: 'counter', fireTime });
    const link = await api.request('GET', `/v1/jobs/${last}/result`);
    const result = Object(await (await fetch(link.headers.get('location') ?? '')).json());
    expect(result.count).toBe(before + 1);
  });

  it('has called nothing that its role does not allow', () => {
    expect(play.refused).toEqual([]);
  });
});
