import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { expiryAttributes, ownRecordEnd } from '#shared/domain/result/expiry-attributes.ts';
import { payloadClassFor } from '#shared/domain/result/payload-class.ts';

const KEY = { scheduleId: 'daily-sales', fireTime: '2026-11-23T09:00:00Z' };
/** 23 November 2026, 9:00. */
const NOW = 1_795_424_400;
const DAY = 86_400;

describe('expiryAttributes', () => {
  it('leaves the times of a job as they are that nothing happens to when it expires', () => {
    const times = { resultExpiresAt: NOW + 60, expiresAt: NOW + 120 };

    expect(expiryAttributes(KEY, times, NOW)).toEqual(times);
  });

  it('has a job that is archived found by the day of its result, and its row stay five days longer', () => {
    const times = { resultExpiresAt: NOW + DAY, expiresAt: NOW + DAY, archiveDays: 365 };

    expect(expiryAttributes(KEY, times, NOW)).toEqual({
      resultExpiresAt: NOW + DAY,
      expiresAt: NOW + 6 * DAY,
      expiryDay: expect.stringMatching(/^2026-11-24#\d+$/),
      expiryAt: '2026-11-24T09:00:00Z',
    });
  });

  it('goes by the end of the record where there is no result', () => {
    const times = { expiresAt: NOW + 2 * DAY, archiveDays: 365 };

    expect(expiryAttributes(KEY, times, NOW)).toMatchObject({
      expiresAt: NOW + 7 * DAY,
      expiryAt: '2026-11-25T09:00:00Z',
    });
  });

  it('leaves a record its own time where that is longer', () => {
    const times = { resultExpiresAt: NOW + DAY, expiresAt: NOW + 90 * DAY, archiveDays: 365 };

    expect(expiryAttributes(KEY, times, NOW).expiresAt).toBe(NOW + 90 * DAY);
  });

  it('takes a time that has passed for now, whose day has not been archived', () => {
    const times = { resultExpiresAt: NOW - 30 * DAY, expiresAt: NOW - 30 * DAY, archiveDays: 365 };

    expect(expiryAttributes(KEY, times, NOW)).toMatchObject({
      resultExpiresAt: NOW - 30 * DAY,
      expiresAt: NOW + 5 * DAY,
      expiryAt: '2026-11-23T09:00:00Z',
    });
  });

  it('has a job that is announced found by the expiry of its result, and its row stay no longer', () => {
    const times = {
      resultExpiresAt: NOW + DAY,
      expiresAt: NOW + DAY,
      announceExpiry: true,
    } as const;

    expect(expiryAttributes(KEY, times, NOW)).toEqual({
      resultExpiresAt: NOW + DAY,
      expiresAt: NOW + DAY,
      expiryDay: expect.stringMatching(/^2026-11-24#\d+$/),
      expiryAt: '2026-11-24T09:00:00Z',
    });
  });

  it('has nobody told of a record without a result', () => {
    const times = { expiresAt: NOW + DAY, announceExpiry: true } as const;

    expect(expiryAttributes(KEY, times, NOW)).toEqual({ expiresAt: NOW + DAY });
  });

  it('takes no record for one that stays to be archived that is only announced', () => {
    const times = {
      resultExpiresAt: NOW + DAY,
      expiresAt: NOW + 6 * DAY,
      announceExpiry: true,
    } as const;

    const row = expiryAttributes(KEY, times, NOW);

    expect(ownRecordEnd(row)).toBe(NOW + 6 * DAY);
  });

  it('gives back the end that the record would have had, whatever it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 900 * DAY }), (seconds) => {
        const expiresAt = NOW + seconds;
        const row = expiryAttributes(KEY, { expiresAt, archiveDays: 30 }, NOW);

        expect(ownRecordEnd({ ...row, archiveDays: 30 })).toBe(expiresAt);
        expect(row.expiryAt).toBe(toIso(expiresAt));
      }),
    );
  });

  it('lets no row outlive the object of its result', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_650 * DAY }), (seconds) => {
        const times = { resultExpiresAt: NOW + seconds, expiresAt: NOW + seconds, archiveDays: 30 };
        const objectLeaves = NOW + (payloadClassFor(seconds) + 7) * DAY;

        expect(expiryAttributes(KEY, times, NOW).expiresAt).toBeLessThanOrEqual(objectLeaves);
      }),
    );
  });
});
