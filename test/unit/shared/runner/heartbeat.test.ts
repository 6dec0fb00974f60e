import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AlmanacError } from '#shared/domain/almanac-error.ts';
import type { AttemptStanding } from '#shared/ports/job-watch.ts';
import { createHeartbeat } from '#shared/runner/heartbeat.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const job = {
  key: { scheduleId: 'daily-sales', fireTime: '2026-11-23T09:00:00Z' },
  task: 'sales-report',
  revision: 1,
  deliverBy: FIRE_TIME + 3_600,
  metadata: {},
  attempt: 1,
  owner: 'owner-1',
  startedAt: FIRE_TIME,
  leaseUntil: FIRE_TIME + 90,
};

let looks: number;
let answer: () => Promise<AttemptStanding>;

const aHeartbeat = () =>
  createHeartbeat(job, {
    watch: async () => ({
      look: () => {
        looks += 1;
        return answer();
      },
    }),
  });

beforeEach(() => {
  vi.useFakeTimers();
  looks = 0;
  answer = () => Promise.resolve('wanted');
});

afterEach(() => {
  vi.useRealTimers();
});

describe('createHeartbeat', () => {
  it('looks at nothing until it is started', async () => {
    aHeartbeat();

    await vi.advanceTimersByTimeAsync(60_000);

    expect(looks).toBe(0);
  });

  it('looks at once, then every four seconds, however often it is started', async () => {
    const { start, stop } = aHeartbeat();

    start();
    start();
    await vi.advanceTimersByTimeAsync(20_000);
    stop();

    expect(looks).toBe(6);
  });

  it.each([
    ['cancelled', 'The job was cancelled.'],
    ['taken', 'The job was taken from this attempt.'],
  ] as const)(
    'aborts within five seconds of the job being %s, and looks no more',
    async (standing, message) => {
      const { start, signal } = aHeartbeat();
      start();
      await vi.advanceTimersByTimeAsync(1_000);

      answer = () => Promise.resolve(standing);
      await vi.advanceTimersByTimeAsync(5_000);
      const seen = looks;
      await vi.advanceTimersByTimeAsync(60_000);

      expect(signal.aborted).toBe(true);
      expect(signal.reason).toMatchObject({ name: 'AbortError', message });
      expect(looks).toBe(seen);
    },
  );

  it('goes on after a look that the table did not answer', async () => {
    const { start, stop, signal } = aHeartbeat();
    answer = () => Promise.reject(new AlmanacError('store.unavailable', 'no answer'));

    start();
    await vi.advanceTimersByTimeAsync(9_000);
    stop();

    expect(looks).toBe(3);
    expect(signal.aborted).toBe(false);
  });

  it('looks no more once it is stopped, and leaves an answer that comes later', async () => {
    const { promise, resolve } = Promise.withResolvers<AttemptStanding>();
    const { start, stop, signal } = aHeartbeat();
    answer = () => promise;
    start();
    await vi.advanceTimersByTimeAsync(0);

    stop();
    resolve('cancelled');
    await vi.advanceTimersByTimeAsync(60_000);

    expect(looks).toBe(1);
    expect(signal.aborted).toBe(false);
  });
});
