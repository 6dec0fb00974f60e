import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeError } from '#shared/domain/job/describe-error.ts';
import { attemptLimits, runAttempt } from '#shared/runner/run-attempt.ts';

const limits = { abortAfterMs: 8_000, graceMs: 500 };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('attemptLimits', () => {
  it.each<[string, [number, number | undefined], number]>([
    ['a fifth of a short invocation back', [30_000, undefined], 24_000],
    ['ten seconds of a longer one back', [300_000, undefined], 290_000],
    ['to the policy where that is sooner', [300_000, 60], 60_000],
    ['to the invocation where that is sooner', [30_000, 60], 24_000],
  ])('keeps %s', (_, limits, abortAfterMs) => {
    expect(attemptLimits(...limits).abortAfterMs).toBe(abortAfterMs);
  });

  it('leaves most of what it keeps back to the settling', () => {
    const { abortAfterMs, graceMs } = attemptLimits(60_000, undefined);

    expect(60_000 - abortAfterMs - graceMs).toBe(7_500);
  });
});

describe('runAttempt', () => {
  it('gives back what the function returns, and leaves no timer behind', async () => {
    const end = await runAttempt(() => 'done', limits, new EventEmitter());

    expect(end).toEqual({ kind: 'returned', value: 'done' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives back what the function throws, at once or later', async () => {
    const error = new Error('no');

    const thrown = await runAttempt(
      () => {
        throw error;
      },
      limits,
      new EventEmitter(),
    );
    const rejected = await runAttempt(() => Promise.reject(error), limits, new EventEmitter());

    expect([thrown, rejected]).toEqual([
      { kind: 'threw', error },
      { kind: 'threw', error },
    ]);
  });

  it('times a function out that heeds the signal by rejecting', async () => {
    const timersBefore = vi.getTimerCount();
    const end = runAttempt(
      (signal) => {
        const { promise, reject } = Promise.withResolvers();
        signal.addEventListener('abort', () => reject(signal.reason));
        return promise;
      },
      limits,
      new EventEmitter(),
    );

    await vi.advanceTimersByTimeAsync(8_000);

    expect(await end).toEqual({ kind: 'timed-out' });
    expect(vi.getTimerCount()).toBe(timersBefore);
  });

  it('keeps the result of a function that returns within the grace', async () => {
    const end = runAttempt(
      async (signal) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        return 'what there was';
      },
      limits,
      new EventEmitter(),
    );

    await vi.advanceTimersByTimeAsync(8_000);

    expect(await end).toEqual({ kind: 'returned', value: 'what there was' });
  });

  it('no longer waits after the grace for a function that ignores the signal', async () => {
    let isEnded = false;
    const end = runAttempt(() => new Promise(() => {}), limits, new EventEmitter()).then(
      (ended) => {
        isEnded = true;
        return ended;
      },
    );

    await vi.advanceTimersByTimeAsync(8_499);
    expect(isEnded).toBe(false);
    await vi.advanceTimersByTimeAsync(1);

    expect(await end).toEqual({ kind: 'timed-out' });
  });

  it.each([
    ['uncaughtException', 'UncaughtException'],
    ['unhandledRejection', 'UnhandledRejection'],
  ] as const)('ends with an %s, its words and its stack', async (event, name) => {
    const events = new EventEmitter();
    const error = new Error('in a timer');

    const running = runAttempt(() => new Promise(() => {}), limits, events);
    events.emit(event, error);
    const end = await running;

    expect(end.kind).toBe('lost');
    expect('error' in end && describeError(end.error)).toEqual({
      name,
      message: 'Thrown where nothing that the function awaits catches it: in a timer',
      stack: describeError(error).stack,
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('shows a lost reason that is no error', async () => {
    const events = new EventEmitter();

    const running = runAttempt(() => new Promise(() => {}), limits, events);
    events.emit('unhandledRejection', 'just text');

    expect(await running).toMatchObject({
      error: { message: expect.stringMatching(/: just text$/) },
    });
  });

  it('leaves the process to Node once the function has ended, one that goes on too', async () => {
    const events = new EventEmitter();

    await runAttempt(() => 'done', limits, events);
    const going = runAttempt(() => new Promise(() => {}), limits, events);
    expect(events.eventNames()).toEqual(['uncaughtException', 'unhandledRejection']);
    await vi.advanceTimersByTimeAsync(8_500);

    expect(await going).toEqual({ kind: 'timed-out' });
    expect(events.eventNames()).toEqual([]);
  });

  it('survives a function that rejects after it was given up', async () => {
    vi.useRealTimers();
    const rejections: unknown[] = [];
    const note = (reason: unknown) => rejections.push(reason);
    process.on('unhandledRejection', note);

    const end = await runAttempt(
      () => sleep(5).then(() => Promise.reject(new Error('late'))),
      {
        abortAfterMs: 0,
        graceMs: 0,
      },
      new EventEmitter(),
    );
    await sleep(10);

    process.off('unhandledRejection', note);
    expect(end).toEqual({ kind: 'timed-out' });
    expect(rejections).toEqual([]);
  });
});
