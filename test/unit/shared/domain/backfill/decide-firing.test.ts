import { describe, expect, it } from 'vitest';
import { decideFiring, isSurelyKept } from '#shared/domain/backfill/decide-firing.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const HOUR = 3_600;
const DAY = 86_400;
/** Every record is kept for a day, as nothing else is said. */
const POLICY = { resultExpirationTime: 0 };

const decide = (
  row: 'open' | 'settled' | undefined,
  rules: { ageSeconds?: number; isForced?: boolean; createdAt?: number } = {},
) => {
  const { ageSeconds = HOUR, isForced = false, createdAt = 0 } = rules;
  return decideFiring(
    { fireTime: FIRE_TIME, row },
    { policy: POLICY, scheduleCreatedAt: createdAt, isForced, now: FIRE_TIME + ageSeconds },
  );
};

describe('decideFiring', () => {
  it('starts a fire time without a row, while the row of a job would surely be there', () => {
    expect(decide(undefined)).toBe('start');
    expect(decide(undefined, { ageSeconds: DAY - 61 })).toBe('start');
  });

  it('does not know of a fire time whose row may have come and gone, and starts it by force alone', () => {
    expect(decide(undefined, { ageSeconds: DAY - 60 })).toBe('unknown');
    expect(decide(undefined, { ageSeconds: 400 * DAY })).toBe('unknown');
    expect(decide(undefined, { ageSeconds: 400 * DAY, isForced: true })).toBe('start');
  });

  it('knows that a schedule had no jobs before it was created', () => {
    const createdAt = FIRE_TIME + 30 * DAY;

    expect(decide(undefined, { ageSeconds: 30 * DAY + HOUR, createdAt })).toBe('start');
    expect(decide(undefined, { ageSeconds: 31 * DAY, createdAt })).toBe('unknown');
  });

  it.each([
    { ageSeconds: HOUR },
    { ageSeconds: 400 * DAY },
    { ageSeconds: 400 * DAY, isForced: true },
  ])('never starts what has a row: %o', (rules) => {
    expect(decide('settled', rules)).toBe('settled');
    expect(decide('open', rules)).toBe('running');
  });
});

describe('isSurelyKept', () => {
  it('goes by the outcome that is kept for the shortest time', () => {
    const policy = {
      resultExpirationTime: { success: 90 * DAY, error: 7 * DAY, default: 2 * DAY },
    };

    expect(isSurelyKept(FIRE_TIME, policy, FIRE_TIME + 2 * DAY - 61)).toBe(true);
    expect(isSurelyKept(FIRE_TIME, policy, FIRE_TIME + 2 * DAY - 60)).toBe(false);
  });

  it('is so as long as a start of the job could still come, however short its record is kept', () => {
    const policy = { resultExpirationTime: 0, recordExpirationTime: 0, catchUpWindow: 600 };

    expect(isSurelyKept(FIRE_TIME, policy, FIRE_TIME + 600 + 960 - 61)).toBe(true);
    expect(isSurelyKept(FIRE_TIME, policy, FIRE_TIME + 600 + 960 - 60)).toBe(false);
  });
});
