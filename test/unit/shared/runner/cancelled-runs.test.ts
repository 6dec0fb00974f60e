import { describe, expect, it } from 'vitest';
import { keyOfStart } from '#shared/domain/job/start.ts';
import { aStart } from '#test/support/a-start.ts';
import { RunnerWorld } from '#test/support/runner-world.ts';

const retry = { maxAttempts: 3, delay: 10, factor: 1, maxDelay: 10 };
const start = aStart({ policy: { resultExpirationTime: 3_600, retry } });
const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

describe('a job that is cancelled while it runs', () => {
  it.each([
    ['rejects', async (signal: AbortSignal) => Promise.reject(signal.reason)],
    ['returns', async () => 'half of it'],
  ])('ends cancelled where its task watches, and %s when the signal aborts', async (_, end) => {
    const world = new RunnerWorld();
    world.standing = 'cancelled';

    const ended = await world.run(start, async ({ signal, heartbeat }) => {
      heartbeat();
      await aborted(signal);
      return end(signal);
    });

    expect(ended).toEqual({ kind: 'settled', outcome: 'cancelled', attempt: 1 });
    const settlement = world.jobs.row(keyOfStart(start))?.settlement;
    expect(settlement).toMatchObject({ error: { name: 'Cancelled' } });
    expect(settlement).not.toHaveProperty('result');
    expect(world.sent).toEqual([]);
  });

  it('is not retried where its task does not watch, and fails', async () => {
    const world = new RunnerWorld();

    const ended = await world.run(start, async ({ job }) => {
      const fence = { state: 'running', attempt: job.attempt, owner: job.owner } as const;
      await world.jobs.requestCancel(job.key, fence, { at: '2026-11-23T09:00:01Z', by: 'ada' });
      throw new Error('no');
    });

    expect(ended).toEqual({ kind: 'settled', outcome: 'cancelled', attempt: 1 });
    // The start of the next attempt was sent before, and finds the job settled.
    expect(world.sent).toHaveLength(1);
    expect(await world.run({ ...start, attempt: 2 }, () => 'never')).toEqual({
      kind: 'already-settled',
    });
  });

  it('ends as it ends where its task does not watch, and goes well', async () => {
    const world = new RunnerWorld();
    world.standing = 'cancelled';

    const ended = await world.run(start, () => 'all of it');

    expect(ended).toEqual({ kind: 'settled', outcome: 'success', attempt: 1 });
    expect(world.loaded).not.toContain('watch');
  });

  it('writes nothing where it has been taken from its attempt', async () => {
    const world = new RunnerWorld();
    world.standing = 'taken';

    const ended = await world.run(start, async ({ job, signal, heartbeat }) => {
      heartbeat();
      await aborted(signal);
      const row = world.jobs.row(job.key);
      if (row) world.jobs.rows.set('daily-sales@2026-11-23T09:00:00Z', { ...row, owner: 'other' });
    });

    expect(ended).toEqual({ kind: 'fenced-off', isProcessLost: true });
  });
});
