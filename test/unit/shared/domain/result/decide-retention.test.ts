import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Job } from '#shared/domain/job/job.ts';
import {
  decideRetention,
  type RetentionChange,
  type RetentionRequest,
} from '#shared/domain/result/decide-retention.ts';
import { LONGEST_EXPIRATION_SECONDS } from '#shared/domain/result/payload-class.ts';
import { aJob, aRunningJob } from '#test/support/a-job.ts';
import { aPayload } from '#test/support/a-payload.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const NOW = FIRE_TIME + 10;
const FINISHED = FIRE_TIME + 2;
/** The window of an hour, and as long as any start of the job could still run after it. */
const WINDOW_OVER = FIRE_TIME + 3_600 + 4_560;
const DAY = 86_400;

const limits = { now: NOW, longestSeconds: LONGEST_EXPIRATION_SECONDS };
const kept = (changes: Partial<Job> = {}) =>
  aJob({ resultExpiresAt: FINISHED + DAY, expiresAt: FINISHED + DAY, ...changes });
const large = (changes: Partial<Job> = {}) =>
  kept({ content: { kind: 'payload', payload: aPayload() }, ...changes });
const withoutResult = () => {
  const { content: _c, resultExpiresAt: _r, ...job } = kept({ outcome: 'error' });
  return job;
};

function changed(job: Job, request: RetentionRequest): RetentionChange {
  const decision = decideRetention(job, request, limits);
  if (decision.kind !== 'change') throw new Error(`Expected a change, got ${decision.kind}.`);
  return decision;
}

describe('decideRetention', () => {
  it('extends a result, and the record with it, counted from the finish', () => {
    expect(changed(kept(), { kind: 'for', seconds: 7 * DAY })).toEqual({
      kind: 'change',
      expiry: {
        resultExpiresAt: FINISHED + 7 * DAY,
        expiresAt: FINISHED + 7 * DAY,
        rule: 'job:set',
      },
    });
  });

  it('lets a result go at once, and keeps the record until no start of its job can come', () => {
    expect(changed(kept(), { kind: 'for', seconds: 0 }).expiry).toMatchObject({
      resultExpiresAt: FINISHED,
      expiresAt: WINDOW_OVER,
    });
  });

  it('takes an instant as it is', () => {
    expect(changed(kept(), { kind: 'until', at: NOW + 3 * DAY }).expiry).toMatchObject({
      resultExpiresAt: NOW + 3 * DAY,
      expiresAt: NOW + 3 * DAY,
    });
  });

  it('leaves a record its own, longer time', () => {
    const job = kept({ expiresAt: FINISHED + 90 * DAY });

    expect(changed(job, { kind: 'for', seconds: 2 * DAY }).expiry).toMatchObject({
      resultExpiresAt: FINISHED + 2 * DAY,
      expiresAt: FINISHED + 90 * DAY,
    });
  });

  it('changes the time of the record where there is no result', () => {
    expect(changed(withoutResult(), { kind: 'for', seconds: 30 * DAY }).expiry).toEqual({
      expiresAt: FINISHED + 30 * DAY,
      rule: 'job:set',
    });
  });

  it('takes the days for which an archived record stays longer for none of its own time', () => {
    const archived = {
      archiveDays: 365,
      expiresAt: FINISHED + 6 * DAY,
      expiryDay: '2026-11-24#7',
      expiryAt: '2026-11-24T09:00:02Z',
    };

    expect(changed(kept(archived), { kind: 'for', seconds: 2 * DAY }).expiry).toEqual({
      resultExpiresAt: FINISHED + 2 * DAY,
      expiresAt: FINISHED + 2 * DAY,
      rule: 'job:set',
    });
    expect(changed(kept(archived), { kind: 'pin' }).ownExpiry).toMatchObject({
      expiresAt: FINISHED + DAY,
    });
  });

  it('pins a job for as long as the stack keeps anything, and remembers its own times', () => {
    expect(changed(kept({ retentionRule: 'task:success' }), { kind: 'pin' })).toEqual({
      kind: 'change',
      expiry: {
        resultExpiresAt: NOW + LONGEST_EXPIRATION_SECONDS,
        expiresAt: NOW + LONGEST_EXPIRATION_SECONDS,
        rule: 'job:pinned',
      },
      ownExpiry: {
        resultExpiresAt: FINISHED + DAY,
        expiresAt: FINISHED + DAY,
        rule: 'task:success',
      },
    });
  });

  it('gives a pinned job its own times back, also where it was pinned twice', () => {
    const own = {
      resultExpiresAt: FINISHED + DAY,
      expiresAt: FINISHED + DAY,
      rule: 'schedule:success',
    } as const;
    const pinned = kept({
      resultExpiresAt: NOW + 9 * DAY,
      retentionRule: 'job:pinned',
      ownExpiry: own,
    });

    expect(changed(pinned, { kind: 'pin' }).ownExpiry).toEqual(own);
    expect(changed(pinned, { kind: 'unpin' })).toEqual({ kind: 'change', expiry: own });
  });

  it('forgets that a job was pinned once its time is set', () => {
    const pinned = kept({
      ownExpiry: { expiresAt: FINISHED + DAY, rule: 'schedule:default' },
    });

    expect(changed(pinned, { kind: 'for', seconds: DAY })).not.toHaveProperty('ownExpiry');
  });

  it.each<[string, Job, RetentionRequest]>([
    ['unfinished', aRunningJob(), { kind: 'pin' }],
    ['expired', kept({ resultExpiresAt: NOW }), { kind: 'pin' }],
    ['expired', { ...withoutResult(), expiresAt: NOW }, { kind: 'for', seconds: DAY }],
    ['unchanged', kept(), { kind: 'unpin' }],
    [
      'unchanged',
      kept({
        retentionRule: 'schedule:keepLast',
        ownExpiry: { expiresAt: NOW + 1, rule: 'schedule:default' },
      }),
      { kind: 'unpin' },
    ],
    ['too-long', kept(), { kind: 'until', at: NOW + LONGEST_EXPIRATION_SECONDS + 1 }],
  ])('says %s', (kind, job, request) => {
    expect(decideRetention(job, request, limits)).toEqual({ kind });
  });

  it('leaves an object where it is while its class keeps it long enough', () => {
    expect(changed(large(), { kind: 'for', seconds: DAY })).not.toHaveProperty('moveTo');
    expect(changed(large(), { kind: 'for', seconds: 0 })).not.toHaveProperty('moveTo');
  });

  it('moves an object to the class that keeps it from now until its new time', () => {
    expect(changed(large(), { kind: 'for', seconds: DAY + 1 }).moveTo).toBe(1);
    expect(changed(large(), { kind: 'for', seconds: 8 * DAY }).moveTo).toBe(30);
    expect(changed(large(), { kind: 'pin' }).moveTo).toBe(3660);
  });

  it('never leaves an object in a class that could take it before its time, nor a row a start could outlive', () => {
    const anyRequest = fc.oneof(
      fc.record({ kind: fc.constant('for' as const), seconds: fc.nat(LONGEST_EXPIRATION_SECONDS) }),
      fc.record({ kind: fc.constant('pin' as const) }),
    );
    fc.assert(
      fc.property(anyRequest, fc.nat(DAY - 60), (request, passed) => {
        const now = NOW + passed;
        const decision = decideRetention(large(), request, { ...limits, now });
        if (decision.kind !== 'change') return;

        const { expiry, moveTo } = decision;
        const keptUntil = moveTo === undefined ? FINISHED + DAY : now + moveTo * DAY;
        expect(keptUntil).toBeGreaterThanOrEqual(expiry.resultExpiresAt ?? 0);
        expect(expiry.expiresAt).toBeGreaterThanOrEqual(WINDOW_OVER);
        expect(expiry.expiresAt).toBeGreaterThanOrEqual(expiry.resultExpiresAt ?? 0);
      }),
    );
  });
});
