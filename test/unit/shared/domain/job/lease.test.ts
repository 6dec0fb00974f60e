import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_LEASE_SECONDS, leaseSecondsFor } from '#shared/domain/job/lease.ts';

describe('leaseSecondsFor', () => {
  it('outlasts the invocation by half a minute at least, and by less than a second more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 900_000 }), (remainingMs) => {
        const margin = leaseSecondsFor(remainingMs) - remainingMs / 1_000;

        expect(margin).toBeGreaterThanOrEqual(30);
        expect(margin).toBeLessThan(31);
        expect(leaseSecondsFor(remainingMs)).toBeLessThanOrEqual(LONGEST_LEASE_SECONDS);
      }),
    );
  });
});
