import { beforeAll, expect, it } from 'vitest';
import type { CloudPlay, Row } from '#test/support/play-on-cloud.ts';

/** Jobs that someone asks for, with or without a schedule. */
export function directJobs(shared: () => CloudPlay): void {
  let play: CloudPlay;

  beforeAll(() => {
    play = shared();
  });

  const read = async (id: unknown): Promise<Row> =>
    Object((await play.api.request('GET', `/v1/jobs/${id}`)).json);
  const ask = async (path: string, options: { body?: Row; headers?: Record<string, string> }) => {
    const { status, json, text } = await play.api.request('POST', path, options);
    expect([200, 202], text).toContain(status);
    return { status, job: Object(json) as Row };
  };

  it('is there at once, and ends with its result', async () => {
    const { status, job } = await ask('/v1/jobs', {
      body: { task: 'sales-report', input: { rows: 2 }, resultExpirationTime: '1h' },
    });
    await play.cloud.settle();

    expect(status).toBe(202);
    expect(await read(job['id'])).toMatchObject({
      state: 'settled',
      outcome: 'success',
      attempt: 1,
    });
    const result = await play.api.request('GET', `/v1/jobs/${job['id']}/result`);
    expect(Object(result.json).rows).toHaveLength(2);
    expect(await play.rowsOf('task:sales-report')).toHaveLength(1);
  });

  it('is answered with its result where the client waits', async () => {
    const { status, job } = await ask('/v1/jobs', {
      body: { task: 'sales-report', input: { rows: 1 }, resultExpirationTime: '1h' },
      headers: { prefer: 'wait=20' },
    });

    expect(status).toBe(200);
    expect(job).toMatchObject({ state: 'settled', result: { rows: [expect.anything()] } });
  });

  it('is retried by its own policy', async () => {
    const { job } = await ask('/v1/jobs', {
      body: {
        task: 'flaky-import',
        input: { failOnAttempt: 1 },
        retry: { maxAttempts: 2, delay: 10 },
      },
    });
    await play.cloud.settle();
    const before = await read(job['id']);
    await play.cloud.clock.advanceBy(60);

    expect(before).toMatchObject({ state: 'retrying', attempt: 1 });
    expect(await read(job['id'])).toMatchObject({ outcome: 'success', attempt: 2 });
  });

  it('runs a schedule now, paused or not, with another input, once for each key', async () => {
    const trigger = { kind: 'cron', expression: 'cron(0 3 * * ? *)', timeZone: 'UTC' };
    await play.define({ id: 'nightly', task: 'sales-report', trigger, resultExpirationTime: '1d' });
    await play.api.request('POST', '/v1/schedules/nightly/pause');
    const request = { body: { input: { rows: 3 } }, headers: { 'idempotency-key': 'by hand' } };

    const first = await ask('/v1/schedules/nightly/run', request);
    await play.cloud.settle();
    await play.cloud.clock.advanceBy(30);
    const second = await ask('/v1/schedules/nightly/run', request);
    const other = await ask('/v1/schedules/nightly/run', {});
    await play.cloud.settle();

    expect(second.job).toMatchObject({ id: first.job['id'], state: 'settled', outcome: 'success' });
    expect(other.job['id']).not.toBe(first.job['id']);
    expect((await play.rowsOf('nightly')).map(({ outcome }) => outcome)).toEqual([
      'success',
      'success',
    ]);
    expect(
      Object((await play.api.request('GET', '/v1/schedules/nightly/jobs')).json).data,
    ).toHaveLength(2);
  });

  it.each(['before', 'after'] as const)(
    'is started though the function that starts it dies %s it sends the start',
    async (when) => {
      play.cloud.faults.add({
        service: 'sqs',
        operation: 'SendMessage',
        caller: play.functionNamed('FollowJobs'),
        nth: 1,
        when,
        do: 'kill',
      });

      const { job } = await ask('/v1/jobs', { body: { task: 'flaky-import' } });
      await play.cloud.settle();
      await play.cloud.clock.advanceBy(600);

      expect(await read(job['id'])).toMatchObject({ outcome: 'success', attempt: 1 });
    },
  );

  it('is missed where it has not begun by its deadline', async () => {
    // Lambda takes no event in three tries, so the starts queue delivers again after its visibility timeout of three minutes.
    for (let nth = 1; nth <= 3; nth += 1)
      play.cloud.faults.add({
        service: 'lambda',
        operation: 'Invoke',
        caller: play.functionNamed('StartJobs'),
        nth,
        when: 'before',
        do: 'error',
      });

    const { job } = await ask('/v1/jobs', { body: { task: 'flaky-import', startDeadline: 60 } });
    await play.cloud.settle();
    await play.cloud.clock.advanceBy(600);

    expect(await read(job['id'])).toMatchObject({ state: 'settled', outcome: 'missed' });
  });
}
