import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { CloudPlay, Row } from '#test/support/play-on-cloud.ts';

/** How jobs are cancelled. */
export function cancel(shared: () => CloudPlay): void {
  let play: CloudPlay;

  beforeAll(() => {
    play = shared();
  });

  const retry = { maxAttempts: 3, delay: 300, factor: 1, maxDelay: 300 };
  const submit = async (body: Row): Promise<string> => {
    const { json } = await play.api.request('POST', '/v1/jobs', {
      body: { task: 'cancellable', retry, ...body },
    });
    return String(Object(json).id);
  };
  const read = async (id: string): Promise<Row> =>
    Object((await play.api.request('GET', `/v1/jobs/${id}`)).json);
  const cancel = async (id: string) => {
    const { status, json } = await play.api.request('POST', `/v1/jobs/${id}/cancel`, {
      body: { note: 'wrong month' },
    });
    return { status, job: Object(json) as Row };
  };
  const untilRunning = (id: string) =>
    vi.waitFor(async () => expect(await read(id)).toMatchObject({ state: 'running' }), 10_000);

  describe('a job that is cancelled', () => {
    it('while it runs ends within seconds, and is not tried again', async () => {
      const id = await submit({ input: { isWatching: true } });
      await untilRunning(id);

      const asked = performance.now();
      const { status, job } = await cancel(id);
      await play.cloud.settle();
      const seconds = (performance.now() - asked) / 1_000;
      await play.cloud.clock.advanceBy(900);

      expect(status).toBe(202);
      expect(job).toMatchObject({ state: 'running', cancelRequested: { note: 'wrong month' } });
      expect(seconds).toBeLessThan(8);
      expect(await read(id)).toMatchObject({
        outcome: 'cancelled',
        attempt: 1,
        error: { name: 'Cancelled' },
        cancelRequested: { by: expect.stringMatching(/^arn:/) },
      });
    });

    it('while it waits for its next attempt never runs again', async () => {
      const id = await submit({ timeout: 1 });
      await play.cloud.settle();
      expect(await read(id)).toMatchObject({ state: 'retrying', attempt: 1 });

      const { status } = await cancel(id);
      await play.cloud.clock.advanceBy(900);

      expect(status).toBe(200);
      expect(await read(id)).toMatchObject({ outcome: 'cancelled', attempt: 1 });
    });

    it('before it begins never begins', async () => {
      // Its start is held up: SQS takes it only in a later try of the stream.
      for (let nth = 1; nth <= 3; nth += 1)
        play.cloud.faults.add({
          service: 'sqs',
          operation: 'SendMessage',
          caller: play.functionNamed('FollowJobs'),
          nth,
          when: 'before',
          do: 'error',
        });
      const id = await submit({});
      const { status, job } = await cancel(id);
      await play.cloud.clock.advanceBy(900);

      expect(status).toBe(200);
      expect(job).toMatchObject({ outcome: 'cancelled', attempt: 0 });
      expect(await read(id)).toEqual(job);
    });
  });
}
