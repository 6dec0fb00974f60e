import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CloudPlay, Row } from '#test/support/play-on-cloud.ts';

/** How many jobs of a schedule, and of a task, run at once. */
export function overlap(shared: () => CloudPlay): void {
  let folder: string;
  let play: CloudPlay;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'almanac-overlap-'));
    play = shared();
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  /** Defines a schedule that does not fire by itself. */
  const define = (schedule: Row) =>
    play.define({
      task: 'cancellable',
      trigger: { kind: 'once', at: '2027-01-01T00:00:00Z' },
      resultExpirationTime: '1h',
      ...schedule,
    });
  /** The file at whose coming a job ends. */
  const endOf = (name: string) => join(folder, name);
  const end = (name: string) => writeFile(endOf(name), '');
  /** Runs a schedule now. Its job is queued at once, and says whose turn it waits for when its start has come. */
  const run = async (scheduleId: string, input: Row): Promise<string> => {
    const { json } = await play.api.request('POST', `/v1/schedules/${scheduleId}/run`, {
      body: { input },
    });
    return String(Object(json).id);
  };
  const read = async (id: string): Promise<Row> =>
    Object((await play.api.request('GET', `/v1/jobs/${id}`)).json);
  const until = (id: string, expected: Row) =>
    vi.waitFor(async () => expect(await read(id)).toMatchObject(expected), 20_000);

  describe('a schedule that bounds its running jobs', () => {
    it('leaves a job out under skip, and says which job was in its way', async () => {
      await define({ id: 'skipping', overlap: 'skip' });
      const first = await run('skipping', { until: endOf('skip') });
      await until(first, { state: 'running' });

      const second = await run('skipping', {});

      await until(second, { outcome: 'skipped' });
      expect((await read(second))['error']).toMatchObject({
        name: 'Overlap',
        message: expect.stringContaining(first),
      });
      await end('skip');
      await until(first, { outcome: 'success' });
    });

    it('has one wait under buffer-one, and begins it when the other ends', async () => {
      await define({ id: 'one-waits', overlap: 'buffer-one' });
      const first = await run('one-waits', { until: endOf('one-a') });
      await until(first, { state: 'running' });
      const second = await run('one-waits', { until: endOf('one-b') });
      await until(second, { state: 'queued', waitingFor: 'schedule:one-waits' });

      const third = await run('one-waits', {});
      await until(third, { outcome: 'skipped' });
      await end('one-a');
      await until(second, { state: 'running' });
      await end('one-b');

      await until(second, { outcome: 'success', attempt: 1 });
      expect(await read(second)).not.toHaveProperty('waitingFor');
    });

    it('has all wait under buffer-all, and runs them one after the other', async () => {
      await define({ id: 'all-wait', overlap: 'buffer-all' });
      const first = await run('all-wait', { until: endOf('all') });
      await until(first, { state: 'running' });
      const later = [
        await run('all-wait', { until: endOf('all') }),
        await run('all-wait', { until: endOf('all') }),
      ];
      for (const id of later) await until(id, { waitingFor: 'schedule:all-wait' });

      await end('all');

      for (const id of later) await until(id, { outcome: 'success' });
    });

    it('asks the other to end under cancel-other, though its task does not watch for it', async () => {
      await define({ id: 'cancelling', overlap: 'cancel-other' });
      const first = await run('cancelling', {});
      await until(first, { state: 'running' });

      const second = await run('cancelling', { until: endOf('cancel') });

      await until(first, { outcome: 'cancelled', cancelRequested: { by: 'almanac' } });
      await until(second, { state: 'running' });
      await end('cancel');
      await until(second, { outcome: 'success' });
    });

    it('ends the other under terminate-other, and the process of one that is deaf to it', async () => {
      await define({ id: 'terminating', overlap: 'terminate-other' });
      const first = await run('terminating', { isDeaf: true });
      await until(first, { state: 'running' });

      const second = await run('terminating', { until: endOf('terminate') });
      await until(first, { outcome: 'cancelled', error: { name: 'Overlap' } });
      await until(second, { state: 'running' });
      await end('terminate');
      const asked = performance.now();
      await play.cloud.settle();

      // The function itself would run on for a minute.
      expect(performance.now() - asked).toBeLessThan(20_000);
      expect(await read(first)).toMatchObject({ outcome: 'cancelled' });
      expect(await read(second)).toMatchObject({ outcome: 'success' });
    });
  });

  describe('a task that bounds its running jobs', () => {
    it('has the job of another schedule wait for its turn', async () => {
      await define({ id: 'limited-a', task: 'limited' });
      await define({ id: 'limited-b', task: 'limited' });
      const first = await run('limited-a', { until: endOf('limited') });
      await until(first, { state: 'running' });

      const second = await run('limited-b', { until: endOf('limited') });
      await until(second, { state: 'queued', waitingFor: 'task:limited' });
      await end('limited');

      await until(second, { outcome: 'success' });
    });
  });

  describe('a job that waits for its turn', () => {
    it('is missed when the time in which it may begin is over', async () => {
      await define({ id: 'patient', overlap: 'buffer-all', catchUpWindow: 60 });
      await play.tables.send(
        new PutCommand({
          TableName: play.cloud.endpoints.tables.jobs,
          Item: {
            scheduleId: 'slot:patient',
            fireTime: '#0',
            holder: 'patient@20260101T000000Z',
            leaseUntil: play.cloud.clock.now() + 900,
          },
        }),
      );
      const id = await run('patient', {});
      await until(id, { waitingFor: 'schedule:patient' });

      await play.cloud.clock.advanceBy(120);

      expect(await read(id)).toMatchObject({
        outcome: 'missed',
        error: { message: expect.stringContaining('It waited for other jobs of its schedule') },
      });
    });

    it('never begins once it is cancelled, and keeps nobody else from it', async () => {
      await define({ id: 'given-up', overlap: 'buffer-one' });
      const first = await run('given-up', { until: endOf('given-up') });
      await until(first, { state: 'running' });
      const second = await run('given-up', {});
      await until(second, { waitingFor: 'schedule:given-up' });

      await play.api.request('POST', `/v1/jobs/${second}/cancel`);
      const third = await run('given-up', { until: endOf('given-up') });
      await until(third, { waitingFor: 'schedule:given-up' });
      await end('given-up');

      await until(third, { outcome: 'success' });
      expect(await read(second)).toMatchObject({ outcome: 'cancelled', attempt: 0 });
    });
  });
}
