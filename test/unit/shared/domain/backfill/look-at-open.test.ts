import { describe, expect, it } from 'vitest';
import { lookAtOpen } from '#shared/domain/backfill/look-at-open.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const HOUR = 3_600;
/** An hour that Lambda may keep the start of a function that claims nothing, its longest run and a minute. */
const FOREIGN_LEASE = HOUR + 960;
const POLICY = { resultExpirationTime: 0 };
const FIRING = { fireTime: FIRE_TIME, sentAt: FIRE_TIME + 60, deliverBy: FIRE_TIME + 60 + HOUR };

const look = (row: 'open' | 'settled' | undefined, now: number, policy = POLICY) =>
  lookAtOpen([FIRING], row ? new Map([[FIRE_TIME, row]]) : new Map(), { policy, now });

describe('lookAtOpen', () => {
  it('is done with a job that has settled', () => {
    expect(look('settled', FIRE_TIME + 70)).toEqual({ open: [], lost: [], unknown: 0 });
  });

  it('waits for one that runs, however long', () => {
    expect(look('open', FIRE_TIME + 86_400)).toEqual({ open: [FIRING], lost: [], unknown: 0 });
  });

  it('waits for one without a row while a start of it may come, or run without a row', () => {
    const until = FIRING.deliverBy + FOREIGN_LEASE;

    expect(look(undefined, until)).toEqual({ open: [FIRING], lost: [], unknown: 0 });
    expect(look(undefined, until + 1)).toEqual({ open: [], lost: [FIRE_TIME], unknown: 0 });
  });

  it('does not start one again whose row may have come and gone meanwhile', () => {
    const policy = { ...POLICY, recordExpirationTime: 0 };

    expect(look(undefined, FIRING.deliverBy + FOREIGN_LEASE + 1, policy)).toEqual({
      open: [],
      lost: [],
      unknown: 1,
    });
  });
});
