import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobKeyOf } from '#shared/domain/job/job-key.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import { decideDisplaced, type HeldJob } from '#shared/domain/result/keep-last.ts';
import { LONGEST_EXPIRATION_SECONDS } from '#shared/domain/result/payload-class.ts';
import { resolveExpiry } from '#shared/domain/result/resolve-expiry.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const held = (minute: number, outcome: Outcome = 'success'): HeldJob => ({
  key: jobKeyOf('daily-sales', FIRE_TIME + minute * 60),
  outcome,
  ownExpiry: { expiresAt: FIRE_TIME, rule: 'schedule:default' },
});
const minutesOf = (jobs: readonly HeldJob[]) =>
  jobs.map(({ key }) => Number(key.fireTime.slice(14, 16))).toSorted((one, other) => one - other);

describe('decideDisplaced', () => {
  it('displaces all but the newest by fire time, in whatever order they settled', () => {
    const jobs = [held(3), held(1), held(4), held(2)];

    expect(minutesOf(decideDisplaced(jobs, { last: 2 }))).toEqual([1, 2]);
  });

  it('counts failures among the newest, so that a success may be displaced by them', () => {
    const jobs = [held(1), held(2, 'error'), held(3, 'timed-out')];

    expect(minutesOf(decideDisplaced(jobs, { last: 2 }))).toEqual([1]);
  });

  it('keeps the newest success besides, whatever failed since', () => {
    const jobs = [held(1), held(2), held(3, 'error'), held(4, 'error')];

    expect(minutesOf(decideDisplaced(jobs, { last: 1, success: true }))).toEqual([1, 3]);
    expect(minutesOf(decideDisplaced(jobs, { success: true }))).toEqual([1, 3, 4]);
  });

  it('lets all go where nothing is to be kept any more', () => {
    expect(decideDisplaced([held(1), held(2)], { last: 0 })).toHaveLength(2);
  });

  it('never displaces one of the newest, however much of the past it is shown', () => {
    const anyJobs = fc.uniqueArray(fc.nat(59), { minLength: 1 });
    fc.assert(
      fc.property(anyJobs, anyJobs, fc.nat(5), (seen, more, last) => {
        const [part, whole] = [
          seen.map((at) => held(at)),
          [...seen, ...more].map((at) => held(at)),
        ];

        const displaced = minutesOf(decideDisplaced(part, { last }));

        const newest = [...new Set(minutesOf(whole))].slice(-last || 60);
        expect(displaced.filter((minute) => newest.includes(minute))).toEqual([]);
      }),
    );
  });
});

describe('resolveExpiry with keepLast', () => {
  const FINISHED = FIRE_TIME + 2;
  const job = { finishedAt: FINISHED, deliverBy: FINISHED, leaseSeconds: 960 };
  const times = { resultExpirationTime: 7_200 };

  it('holds a job for as long as anything is kept, and remembers its own times', () => {
    const policy = { ...times, keepLast: 3, longestExpirationTime: 864_000 };

    expect(resolveExpiry({ ...job, policy, outcome: 'success' })).toEqual({
      resultExpiresAt: FINISHED + 864_000,
      expiresAt: FINISHED + 864_000,
      rule: 'schedule:keepLast',
      ownExpiry: {
        resultExpiresAt: FINISHED + 7_200,
        expiresAt: FINISHED + 7_200,
        rule: 'schedule:default',
      },
      keep: { last: 3 },
    });
  });

  it('stores a result whose own time is 0, to be hidden the moment that it is displaced', () => {
    const policy = { resultExpirationTime: 0, keepLastSuccess: true };
    const { resultExpiresAt, rule, ownExpiry } = resolveExpiry({
      ...job,
      policy,
      outcome: 'success',
    });

    expect(resultExpiresAt).toBe(FINISHED + LONGEST_EXPIRATION_SECONDS);
    expect(rule).toBe('schedule:keepLastSuccess');
    expect(ownExpiry?.resultExpiresAt).toBe(FINISHED);
  });

  it.each([
    ['error', { keepLast: 1 }, 'schedule:keepLast'],
    ['abandoned', { keepLast: 1 }, 'schedule:keepLast'],
    ['error', { keepLastSuccess: true }, 'schedule:default'],
    ['missed', { keepLast: 1, keepLastSuccess: true }, 'schedule:default'],
    ['cancelled', { keepLast: 1 }, 'schedule:default'],
    ['success', { keepLast: 0 }, 'schedule:default'],
  ] as const)('gives %s under %j the rule %s', (outcome, kept, rule) => {
    expect(resolveExpiry({ ...job, policy: { ...times, ...kept }, outcome }).rule).toBe(rule);
  });
});
