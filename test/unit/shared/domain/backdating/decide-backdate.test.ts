import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BackdateDecision,
  type BackdateRules,
  decideBackdate,
} from '#shared/domain/backdating/decide-backdate.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { OUTCOMES, type Outcome } from '#shared/domain/job/outcome.ts';
import type { StartPolicy } from '#shared/domain/job/policy.ts';
import { timesOf } from '#shared/domain/job/times-of.ts';
import { resolveExpiry } from '#shared/domain/result/resolve-expiry.ts';
import { aJob, aRunningJob } from '#test/support/a-job.ts';
import { aPayload } from '#test/support/a-payload.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const DAY = 86_400;
const NOW = FIRE_TIME + 600;
const FINISHED = FIRE_TIME + 2;
/** The window of an hour, and the longest lease. */
const RUNS_OVER = FIRE_TIME + 3_600 + 960;

const A_WEEK: BackdateRules = {
  policy: { resultExpirationTime: 7 * DAY },
  revision: 2,
  now: NOW,
  isHeld: false,
};
const toTimes = (resultExpirationTime: StartPolicy['resultExpirationTime']) => ({
  ...A_WEEK,
  policy: { resultExpirationTime },
});
const kept = (changes: Partial<Job> = {}) =>
  aJob({
    resultExpiresAt: FINISHED + DAY,
    expiresAt: FINISHED + DAY,
    retentionRule: 'schedule:default',
    ...changes,
  });
const large = (changes: Parameters<typeof aPayload>[0] = {}) =>
  kept({ content: { kind: 'payload', payload: aPayload(changes) } });
const SHARED = `results/1d/=daily-sales/${'a'.repeat(64)}`;

describe('decideBackdate', () => {
  it('gives a job the times that it would have, had it settled by the policy', () => {
    expect(decideBackdate(kept(), A_WEEK)).toEqual({
      kind: 'change',
      expiry: {
        resultExpiresAt: FINISHED + 7 * DAY,
        expiresAt: FINISHED + 7 * DAY,
        rule: 'schedule:default',
      },
    });
  });

  it('hides at once what the policy keeps no longer, and keeps the record until no start of its job can come', () => {
    expect(decideBackdate(kept(), toTimes(60))).toMatchObject({
      expiry: { resultExpiresAt: FINISHED + 60, expiresAt: RUNS_OVER },
    });
    expect(decideBackdate(kept(), toTimes(0))).toMatchObject({
      expiry: { resultExpiresAt: FINISHED, expiresAt: FINISHED + DAY },
    });
  });

  it('keeps the record of a job that nobody has claimed as long as an adopted function may still run', () => {
    const { owner: _, ...unclaimed } = kept();

    expect(decideBackdate(unclaimed, toTimes(60))).toMatchObject({
      expiry: { expiresAt: FIRE_TIME + 3_600 + 4_560 },
    });
  });

  it('goes by the outcome', () => {
    const rules = toTimes({ success: 3 * DAY, error: 90 * DAY, default: 0 });
    const { content: _, ...failed } = kept({ outcome: 'timed-out' });

    expect(decideBackdate(kept(), rules)).toMatchObject({ expiry: { rule: 'schedule:success' } });
    expect(decideBackdate(failed, rules)).toMatchObject({
      expiry: { resultExpiresAt: FINISHED + 90 * DAY, rule: 'schedule:error' },
    });
  });

  it.each<[string, Partial<Job>]>([
    ['a result that is hidden', { resultExpiresAt: NOW, expiresAt: NOW + DAY }],
    ['a record that is', { resultExpiresAt: NOW - 1, expiresAt: NOW - 1 }],
  ])('shows nothing again: %s', (_, times) => {
    expect(decideBackdate(kept(times), A_WEEK)).toEqual({ kind: 'expired' });
  });

  it.each<[string, Job]>([
    ['times that someone has set', kept({ retentionRule: 'job:set' })],
    ['a request of its own', kept({ retentionRule: 'job:success' })],
    ['a later revision', kept({ revision: 3 })],
  ])('leaves a job with %s alone', (_, job) => {
    expect(decideBackdate(job, A_WEEK)).toEqual({ kind: 'leftAlone' });
  });

  it('leaves a job that has not ended to settle by its own start', () => {
    expect(decideBackdate(aRunningJob(), A_WEEK)).toEqual({ kind: 'open' });
  });

  it('leaves a pin, and changes what the job goes back to', () => {
    const pinned = kept({
      retentionRule: 'job:pinned',
      resultExpiresAt: NOW + 3_650 * DAY,
      expiresAt: NOW + 3_650 * DAY,
      ownExpiry: {
        resultExpiresAt: FINISHED + DAY,
        expiresAt: FINISHED + DAY,
        rule: 'stack:default',
      },
    });

    expect(decideBackdate(pinned, A_WEEK)).toEqual({
      kind: 'change',
      expiry: {
        resultExpiresAt: NOW + 3_650 * DAY,
        expiresAt: NOW + 3_650 * DAY,
        rule: 'job:pinned',
      },
      ownExpiry: {
        resultExpiresAt: FINISHED + 7 * DAY,
        expiresAt: FINISHED + 7 * DAY,
        rule: 'schedule:default',
      },
    });
  });

  it('keeps the record of a fire time that was skipped beforehand from the fire time on', () => {
    const { content: _c, resultExpiresAt: _r, ...record } = kept({ outcome: 'skipped' });
    const skipped = { ...record, finishedAt: toIso(FIRE_TIME - 30 * DAY) };

    expect(decideBackdate(skipped, A_WEEK)).toMatchObject({
      expiry: { expiresAt: FIRE_TIME + 7 * DAY },
    });
  });

  it('has an object copied that would leave too early, and leaves one in a class that is too long', () => {
    expect(decideBackdate(large(), A_WEEK)).toMatchObject({ kind: 'change', moveTo: 7 });
    expect(decideBackdate(large(), toTimes(3_600))).not.toHaveProperty('moveTo');
    const long = large({ keptUntil: toIso(FINISHED + 30 * DAY) });
    expect(decideBackdate(long, A_WEEK)).not.toHaveProperty('moveTo');
  });

  it('has a shared object copied to where jobs that settle by the policy share it', () => {
    expect(decideBackdate(large({ key: SHARED }), A_WEEK)).toMatchObject({
      moveTo: 30,
      isShared: true,
    });
  });

  it('has a shared object copied for a job alone that is held, which would keep it for all', () => {
    const rules = { ...A_WEEK, policy: { ...A_WEEK.policy, keepLast: 1 }, isHeld: true };

    const decision = decideBackdate(large({ key: SHARED }), rules);

    expect(decision).toMatchObject({ moveTo: 3660, keep: { last: 1 } });
    expect(decision).not.toHaveProperty('isShared');
  });

  it('lets a held job go that the policy holds no longer, and has each held one say what is to be held', () => {
    const held = kept({
      heldBy: 'daily-sales',
      keep: { last: 5 },
      retentionRule: 'schedule:keepLast',
      ownExpiry: {
        resultExpiresAt: FINISHED + DAY,
        expiresAt: FINISHED + DAY,
        rule: 'schedule:default',
      },
    });
    const three = { ...A_WEEK, policy: { ...A_WEEK.policy, keepLast: 3 } };

    expect(decideBackdate(held, A_WEEK)).toEqual({
      kind: 'change',
      expiry: {
        resultExpiresAt: FINISHED + 7 * DAY,
        expiresAt: FINISHED + 7 * DAY,
        rule: 'schedule:default',
      },
    });
    expect(decideBackdate(held, { ...three, isHeld: true })).toMatchObject({ keep: { last: 3 } });
  });

  it('has a job archived whose policy archives, and leaves one that is being archived alone', () => {
    const rules = { ...A_WEEK, policy: { ...A_WEEK.policy, archiveDays: 365 } };
    const { content: _, ...record } = kept({ expiryAt: toIso(NOW), archiveDays: 365 });

    expect(decideBackdate(kept(), rules)).toMatchObject({ expiry: { archiveDays: 365 } });
    expect(decideBackdate(record, rules)).toEqual({ kind: 'expired' });
  });

  it('gives any job that settled by any policy what it would have by another, and nothing more the second time', () => {
    fc.assert(
      fc.property(anyPolicy, anyPolicy, anyEnd, (by, to, end) => {
        const job = settledBy(by, end);
        // What is to be archived stays so.
        const { archiveDays = by.archiveDays } = to;
        const policy = { ...to, ...(archiveDays !== undefined && { archiveDays }) };
        const rules = { policy: to, revision: 2, now: FINISHED, isHeld: end.isHeld };

        const decision = decideBackdate(job, rules);

        const after = afterwards(job, decision);
        expect(after).toEqual(decision.kind === 'expired' ? job : settledBy(policy, end));
        expect(decideBackdate(after, rules).kind).not.toBe('change');
      }),
    );
  });
});

const seconds = fc.constantFrom(0, 60, 3_600, DAY, 7 * DAY, 400 * DAY);
const anyPolicy: fc.Arbitrary<StartPolicy> = fc.record(
  {
    resultExpirationTime: fc.oneof(
      seconds,
      fc.record({ success: seconds, error: seconds, default: seconds }),
    ),
    recordExpirationTime: seconds,
    archiveDays: fc.constantFrom(30, 365),
    longestExpirationTime: fc.constantFrom(DAY, 100 * DAY),
    resultExpirationFrom: fc.constantFrom('task', 'stack'),
    keepLast: fc.constantFrom(0, 1, 5),
    keepLastSuccess: fc.boolean(),
  },
  { requiredKeys: ['resultExpirationTime'] },
);

interface End {
  readonly outcome: Outcome;
  readonly isHeld: boolean;
  readonly hasResult: boolean;
}

const anyEnd: fc.Arbitrary<End> = fc.record({
  outcome: fc.constantFrom(...OUTCOMES),
  isHeld: fc.boolean(),
  hasResult: fc.boolean(),
});

/** As the settle writes it; and, where it is held no longer, as the stream lets it go. */
function settledBy(policy: StartPolicy, { outcome, isHeld, hasResult }: End): Job {
  const { content, resultExpiresAt: _r, expiresAt: _e, ...rest } = aJob({ outcome });
  const expiry = resolveExpiry({
    policy,
    outcome,
    finishedAt: FINISHED,
    deliverBy: rest.deliverBy,
    leaseSeconds: 960,
  });
  const { ownExpiry, keep } = expiry;
  const {
    resultExpiresAt = hasResult ? FINISHED : undefined,
    expiresAt,
    rule,
    archiveDays,
  } = (isHeld ? undefined : ownExpiry) ?? expiry;
  return {
    ...rest,
    ...(hasResult && content && { content }),
    ...timesOf(
      rest,
      {
        ...(resultExpiresAt !== undefined && { resultExpiresAt }),
        expiresAt,
        rule,
        ...(archiveDays !== undefined && { archiveDays }),
      },
      FINISHED,
    ),
    retentionRule: rule,
    ...(isHeld && ownExpiry && keep && { ownExpiry, keep, heldBy: 'daily-sales' }),
  };
}

function afterwards(job: Job, decision: BackdateDecision): Job {
  if (decision.kind !== 'change') return job;
  const { expiry, ownExpiry, keep } = decision;
  const { resultExpiresAt: _r, ownExpiry: _o, keep: _k, heldBy: _h, ...rest } = job;
  return {
    ...rest,
    ...timesOf(job, expiry, FINISHED),
    retentionRule: expiry.rule,
    ...(ownExpiry && { ownExpiry }),
    ...(keep && { keep, heldBy: 'daily-sales' }),
  };
}
