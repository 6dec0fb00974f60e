import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  LONGEST_EXPIRATION_SECONDS,
  payloadClassFor,
  payloadKey,
  unsettledKey,
} from '#shared/domain/result/payload-class.ts';

const place = {
  key: { scheduleId: 'daily-sales', fireTime: '2026-11-23T09:00:00Z' },
  attempt: 2,
  owner: 'x7Kq02',
};

describe('payloadClassFor', () => {
  it.each([
    [3_600, 1],
    [86_400, 1],
    [86_401, 7],
    [31_536_000, 365],
    [31_536_001, 3_660],
    [LONGEST_EXPIRATION_SECONDS, 3_660],
  ])('puts %i seconds into the class of %i days', (seconds, days) => {
    expect(payloadClassFor(seconds)).toBe(days);
  });

  it('never gives a class that is shorter than the expiration time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: LONGEST_EXPIRATION_SECONDS }), (seconds) => {
        expect(payloadClassFor(seconds) * 86_400).toBeGreaterThanOrEqual(seconds);
      }),
    );
  });
});

describe('the keys of an attempt', () => {
  it('name its class, schedule, fire time, number and owner', () => {
    expect(payloadKey(place, 7)).toBe('results/7d/daily-sales/20261123T090000Z/2-x7Kq02');
    expect(unsettledKey(place)).toBe('unsettled/daily-sales/20261123T090000Z/2-x7Kq02');
  });
});
