import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import { RETENTION_SOURCES, type RetentionSource } from '#shared/domain/job/policy.ts';
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
      rule: 'schedule:default',
    });
  });

  it('keeps no result at 0, but the record for a day', () => {
    expect(resolveExpiry({ ...job, policy: { resultExpirationTime: 0 } })).toEqual({
      expiresAt: FINISHED + 86_400,
      rule: 'schedule:default',
    });
  });

  it('keeps the record for its own time where the policy has one', () => {
    const policy = { resultExpirationTime: 7_200, recordExpirationTime: 604_800 };

    expect(resolveExpiry({ ...job, policy })).toEqual({
      resultExpiresAt: FINISHED + 7_200,
      expiresAt: FINISHED + 604_800,
      rule: 'schedule:default',
    });
  });

  it.each([
    ['success', 10_000, 'schedule:success'],
    ['error', 20_000, 'schedule:error'],
    ['timed-out', 20_000, 'schedule:error'],
    ['missed', 30_000, 'schedule:default'],
    ['abandoned', 30_000, 'schedule:default'],
  ] as const)('keeps the result of outcome %s for %i seconds, by %s', (outcome, seconds, rule) => {
    const policy = {
      resultExpirationTime: { success: 10_000, error: 20_000, default: 30_000 },
    };

    expect(resolveExpiry({ ...job, outcome, policy })).toMatchObject({
      resultExpiresAt: FINISHED + seconds,
      rule,
    });
  });

  it('says whose word decided: that of the task, of the stack, or of one job', () => {
    const ruleOf = (resultExpirationFrom: RetentionSource) =>
      resolveExpiry({ ...job, policy: { resultExpirationTime: 60, resultExpirationFrom } }).rule;

    expect(RETENTION_SOURCES.map(ruleOf)).toEqual(['task:default', 'stack:default', 'job:default']);
  });

  it('falls back to the default for an outcome that the policy does not name, and says so', () => {
    const policy = { resultExpirationTime: { error: 60, default: 3_600 } };

    expect(resolveExpiry({ ...job, policy })).toMatchObject({
      resultExpiresAt: FINISHED + 3_600,
      rule: 'schedule:default',
    });
  });

  it('keeps neither result nor record longer than the maximum of the stack', () => {
    const policy = {
      resultExpirationTime: 604_800,
      recordExpirationTime: 1_209_600,
      longestExpirationTime: 86_400,
    };

    expect(resolveExpiry({ ...job, policy })).toEqual({
      resultExpiresAt: FINISHED + 86_400,
      expiresAt: FINISHED + 86_400,
      rule: 'stack:maximum',
    });
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
