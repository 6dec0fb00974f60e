import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import { LONGEST_EXPIRATION_SECONDS } from '#shared/domain/result/payload-class.ts';
import { resolveExpiry } from '#shared/domain/result/resolve-expiry.ts';

const FINISHED = 1_795_424_400;
const job = {
  outcome: 'success',
  finishedAt: FINISHED,
  deliverBy: FINISHED,
  leaseSeconds: 960,
} as const;

const anySeconds = fc.integer({ min: 0, max: LONGEST_EXPIRATION_SECONDS });
const anyJob = fc.record({
  policy: fc.record(
    {
      resultExpirationTime: fc.oneof(
        anySeconds,
        fc.record(
          { success: anySeconds, error: anySeconds, default: anySeconds },
          { requiredKeys: ['default'] },
        ),
      ),
      recordExpirationTime: anySeconds,
    },
    { requiredKeys: ['resultExpirationTime'] },
  ),
  outcome: fc.constantFrom(...OUTCOMES),
  finishedAt: fc.integer({ min: FINISHED, max: FINISHED + 86_400 }),
  deliverBy: fc.integer({ min: FINISHED, max: FINISHED + 86_400 }),
  leaseSeconds: fc.integer({ min: 1, max: 960 }),
});

describe('resolveExpiry', () => {
  it('keeps a result for its time, counted from the finish, and the record with it', () => {
    expect(resolveExpiry({ ...job, policy: { resultExpirationTime: 7_200 } })).toEqual({
      resultExpiresAt: FINISHED + 7_200,
      expiresAt: FINISHED + 7_200,
    });
  });

  it('keeps no result at 0, but the record for a day', () => {
    expect(resolveExpiry({ ...job, policy: { resultExpirationTime: 0 } })).toEqual({
      expiresAt: FINISHED + 86_400,
    });
  });

  it('keeps the record for its own time where the policy has one', () => {
    const policy = { resultExpirationTime: 7_200, recordExpirationTime: 604_800 };

    expect(resolveExpiry({ ...job, policy })).toEqual({
      resultExpiresAt: FINISHED + 7_200,
      expiresAt: FINISHED + 604_800,
    });
  });

  it.each([
    ['success', 10_000],
    ['error', 20_000],
    ['timed-out', 20_000],
    ['missed', 30_000],
    ['abandoned', 30_000],
  ] as const)('keeps the result of outcome %s for %i seconds', (outcome, seconds) => {
    const policy = {
      resultExpirationTime: { success: 10_000, error: 20_000, default: 30_000 },
    };

    expect(resolveExpiry({ ...job, outcome, policy }).resultExpiresAt).toBe(FINISHED + seconds);
  });

  it('never lets a row go before its promised time, nor before the last start that it refuses', () => {
    fc.assert(
      fc.property(anyJob, (anyOne) => {
        const { resultExpiresAt, expiresAt } = resolveExpiry(anyOne);

        const { finishedAt, deliverBy, leaseSeconds, policy } = anyOne;
        expect(expiresAt).toBeGreaterThanOrEqual(deliverBy + leaseSeconds);
        expect(expiresAt).toBeGreaterThanOrEqual(finishedAt + (policy.recordExpirationTime ?? 0));
        if (resultExpiresAt === undefined) return;
        expect(resultExpiresAt).toBeGreaterThan(finishedAt);
        expect(expiresAt).toBeGreaterThanOrEqual(resultExpiresAt);
      }),
    );
  });

  it('gives a longer-kept result no earlier expiry', () => {
    fc.assert(
      fc.property(anyJob, anySeconds, (anyOne, more) => {
        const at = (seconds: number) =>
          resolveExpiry({ ...anyOne, policy: { ...anyOne.policy, resultExpirationTime: seconds } });
        const shorter = Math.max(1, Math.min(more, LONGEST_EXPIRATION_SECONDS - 1));

        expect(at(shorter + 1).expiresAt).toBeGreaterThanOrEqual(at(shorter).expiresAt);
      }),
    );
  });
});
