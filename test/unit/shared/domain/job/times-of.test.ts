import { describe, expect, it } from 'vitest';
import { timesOf } from '#shared/domain/job/times-of.ts';
import { aJob } from '#test/support/a-job.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const DAY = 86_400;
const UNTIL = FIRE_TIME + 9 * DAY;
const expiry = { resultExpiresAt: UNTIL, expiresAt: UNTIL, rule: 'job:set' } as const;

describe('timesOf', () => {
  it('has a job that is archived expire on another day, and stay there for as long as it would', () => {
    expect(timesOf(aJob({ archiveDays: 365 }), expiry, FIRE_TIME)).toMatchObject({
      resultExpiresAt: UNTIL,
      expiresAt: UNTIL + 5 * DAY,
      expiryAt: '2026-12-02T09:00:00Z',
      archiveDays: 365,
    });
  });

  it('gives a job that was put back from the archive no other day to be archived on', () => {
    const restored = aJob({ archiveDays: 365, restoredAt: '2026-11-23T09:00:00Z' });

    expect(timesOf(restored, expiry, FIRE_TIME)).toEqual({
      resultExpiresAt: UNTIL,
      expiresAt: UNTIL,
    });
  });
});
