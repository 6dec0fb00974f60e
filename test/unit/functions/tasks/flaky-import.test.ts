import { describe, expect, it } from 'vitest';
import { importFlakily } from '#functions/tasks/flaky-import.ts';

function run(input: unknown, attempt: number): () => unknown {
  return () => importFlakily({ input, job: { attempt } });
}

describe('flaky-import', () => {
  it('goes through where its input does not ask it to fail', () => {
    expect(run({}, 1)()).toEqual({ imported: 3, attempt: 1 });
    expect(run(null, 1)()).toEqual({ imported: 3, attempt: 1 });
  });

  it('fails at the attempt that its input names, and goes through at the next', () => {
    expect(run({ failOnAttempt: 1 }, 1)).toThrow(/at attempt 1/);
    expect(run({ failOnAttempt: 1 }, 2)()).toEqual({ imported: 3, attempt: 2 });
  });

  it('always fails where its input says so', () => {
    expect(run({ fail: true }, 1)).toThrow();
    expect(run({ fail: true }, 5)).toThrow();
  });
});
