import { describe, expect, it } from 'vitest';
import {
  type AttemptEnd,
  DEFAULT_EVENT_INVOKE_CONFIG,
  decideAfterAttempt,
} from '#local/services/lambda/async-decision.ts';

const FRESH = { acceptedAtMs: 0, failures: 0, throttles: 0 };

describe('decideAfterAttempt', () => {
  it('retries a failed event after one minute, then two, then gives it up', () => {
    expect(waits(['function-error', 'function-error', 'function-error'])).toEqual([
      60_000,
      120_000,
      'RetriesExhausted',
    ]);
  });

  it('backs off from throttles from one second, doubling, to five minutes', () => {
    const seconds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300];

    expect(waits(seconds.map(() => 'throttled'))).toEqual(seconds.map((wait) => wait * 1000));
  });

  it('starts the back-off again after an invocation, and counts no throttle as a retry', () => {
    expect(waits(['throttled', 'throttled', 'function-error', 'throttled'])).toEqual([
      1000, 2000, 60_000, 1000,
    ]);
  });

  it('gives an event up whose next attempt would come past its age', () => {
    const config = { ...DEFAULT_EVENT_INVOKE_CONFIG, maximumEventAgeSeconds: 60 };
    const decide = (nowMs: number) =>
      decideAfterAttempt({ end: 'function-error', nowMs }, FRESH, config);

    expect(decide(0)).toMatchObject({ kind: 'waiting', untilMs: 60_000 });
    expect(decide(1)).toEqual({ kind: 'finished', condition: 'EventAgeExceeded' });
  });
});

function waits(ends: readonly AttemptEnd[]): readonly (number | string)[] {
  let progress = FRESH;
  let nowMs = 0;
  return ends.map((end) => {
    const decision = decideAfterAttempt({ end, nowMs }, progress, DEFAULT_EVENT_INVOKE_CONFIG);
    if (decision.kind === 'finished') return decision.condition;
    const waitMs = decision.untilMs - nowMs;
    ({ progress } = decision);
    nowMs = decision.untilMs;
    return waitMs;
  });
}
