import { InvokeCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aStart } from '#test/support/a-start.ts';
import type { CloudPlay } from '#test/support/play-on-cloud.ts';
import { type CountingPage, serveCountingPage } from '#test/support/serve-counting-page.ts';

const RETRY = { maxAttempts: 3, delay: 30, factor: 2, maxDelay: 600 };

/** How jobs end: once, in error, and after retries. */
export function outcomes(shared: () => CloudPlay): void {
  let play: CloudPlay;
  let page: CountingPage;

  beforeAll(async () => {
    play = shared();
    page = await serveCountingPage();
  });

  afterAll(async () => {
    await page[Symbol.asyncDispose]();
  });

  it('runs once, whatever starts of it come again', async () => {
    const { cloud, lambda, fireOnce, rowsOf } = play;
    const id = 'duplicated';
    const input = { url: `${page.url}/${id}` };
    await fireOnce({ id, task: 'uptime-check', input, resultExpirationTime: '1h' });
    const before = await rowsOf(id);
    const again = aStart({
      scheduleId: id,
      fireTime: String(before[0]?.['fireTime']),
      task: 'uptime-check',
      input,
    });

    const Payload = JSON.stringify(again);
    const FunctionName = 'Almanac-dev-task-uptime-check';
    const answers = await Promise.all(
      [1, 2, 3].map(() => lambda.send(new InvokeCommand({ FunctionName, Payload }))),
    );
    await cloud.clock.advanceBy(300);

    for (const answer of answers)
      expect(answer.Payload?.transformToString()).toBe('{"kind":"already-settled"}');
    expect(page.visits(`/${id}`)).toBe(1);
    expect(await rowsOf(id)).toEqual(before);
  });

  it('whose task throws ends in error, with the message, and has no result', async () => {
    const { api, fireOnce } = play;

    const jobId = await fireOnce({
      id: 'failing',
      task: 'flaky-import',
      input: { fail: true },
      resultExpirationTime: '1h',
    });
    const { json } = await api.request('GET', `/v1/jobs/${jobId}`);
    const result = await api.request('GET', `/v1/jobs/${jobId}/result`);

    expect(json).toMatchObject({
      outcome: 'error',
      attempt: 1,
      error: {
        name: 'SourceUnavailable',
        message: expect.stringContaining('to answer at attempt 1'),
        stack: expect.stringContaining('flaky-import.ts'),
      },
    });
    expect(result).toMatchObject({ status: 404, json: { code: 'result.not-stored' } });
  });

  it('is tried again by its retry policy, and is retrying in between', async () => {
    const { api, cloud, fireOnce } = play;

    const jobId = await fireOnce({
      id: 'flaky',
      task: 'flaky-import',
      input: { failOnAttempt: 1 },
      retry: RETRY,
      resultExpirationTime: '1h',
    });
    const between = await api.request('GET', `/v1/jobs/${jobId}`);
    const unfinished = await api.request('GET', `/v1/jobs/${jobId}/result`);
    const retryAt = String(Object(between.json).retryAt);
    const waitSeconds = Date.parse(retryAt) / 1_000 - cloud.clock.now();
    await cloud.clock.advanceTo(retryAt);
    const after = await api.request('GET', `/v1/jobs/${jobId}`);
    const result = await api.request('GET', `/v1/jobs/${jobId}/result`);

    expect(between.json).toMatchObject({ state: 'retrying', attempt: 1 });
    expect(waitSeconds).toBeGreaterThan(0);
    expect(waitSeconds).toBeLessThanOrEqual(RETRY.delay);
    expect(unfinished).toMatchObject({ status: 202, json: { state: 'retrying' } });
    expect(after.json).toMatchObject({
      state: 'settled',
      outcome: 'success',
      attempt: 2,
      startedAt: retryAt,
    });
    expect(after.json).not.toHaveProperty('error');
    expect(result.json).toEqual({ imported: 3, attempt: 2 });
  });

  it('ends in error once its attempts are used up', async () => {
    const { api, cloud, fireOnce } = play;

    const jobId = await fireOnce({
      id: 'hopeless',
      task: 'flaky-import',
      input: { fail: true },
      retry: RETRY,
      resultExpirationTime: '1h',
    });
    const states: unknown[] = [];
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      const { json } = await api.request('GET', `/v1/jobs/${jobId}`);
      states.push([Object(json).state, Object(json).attempt, Object(json).outcome]);
      await cloud.clock.advanceBy(RETRY.delay * RETRY.factor ** attempt);
    }

    expect(states[0]).toEqual(['retrying', 1, undefined]);
    expect(states.at(-1)).toEqual(['settled', 3, 'error']);
  });
}
