import { describe, expect, it } from 'vitest';
import { withEndedAttempt } from '#shared/domain/job/ended-attempt.ts';
import { utf8Bytes } from '#shared/domain/result/utf8.ts';

const ended = (attempt: number) => ({ attempt, outcome: 'error', durationMs: 5 }) as const;

describe('withEndedAttempt', () => {
  it('keeps the last five, oldest first', () => {
    let attempts = withEndedAttempt([], ended(1));
    for (let attempt = 2; attempt <= 8; attempt += 1)
      attempts = withEndedAttempt(attempts, ended(attempt));

    expect(attempts.map(({ attempt }) => attempt)).toEqual([4, 5, 6, 7, 8]);
  });

  it('cuts name and message to 128 bytes together, and leaves the stack out', () => {
    const error = { name: 'Ä'.repeat(50), message: '€'.repeat(200), stack: 'at a.ts:1' };

    const [attempt] = withEndedAttempt([], { ...ended(1), error });

    const { name = '', message = '', ...rest } = attempt?.error ?? {};
    expect(utf8Bytes(name) + utf8Bytes(message)).toBeLessThanOrEqual(128);
    expect(utf8Bytes(name) + utf8Bytes(message)).toBeGreaterThan(120);
    expect(rest).toEqual({});
  });
});
