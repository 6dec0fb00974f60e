import { describe, expect, it } from 'vitest';
import { failureRowSeconds } from '#shared/domain/schedule/failure-row-seconds.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { aTrigger } from '#test/support/a-trigger.ts';

const DAY = 86_400;
const cron = (expression: string) => aTrigger({ kind: 'cron', expression, timeZone: 'UTC' });

describe('failureRowSeconds', () => {
  it('is the time from the first fire time of a row to the last, and how late that may settle', () => {
    expect(failureRowSeconds(cron('0 9 * * *'), { most: 3 }, FIRE_TIME)).toBe(
      2 * DAY + 3_600 + 960,
    );
    expect(failureRowSeconds(cron('0 9 * * *'), { most: 2, catchUpWindow: 60 }, FIRE_TIME)).toBe(
      DAY + 60 + 960,
    );
  });

  it('is the longest of the next rows, as over a weekend', () => {
    expect(failureRowSeconds(cron('0 9 * * mon-fri'), { most: 2 }, FIRE_TIME)).toBe(
      3 * DAY + 3_600 + 960,
    );
  });

  it('is nothing for a row of one, and for a trigger that has no such row left', () => {
    expect(failureRowSeconds(cron('0 9 * * *'), { most: 1 }, FIRE_TIME)).toBe(0);
    const once = aTrigger({ kind: 'once', at: '2026-11-24T09:00:00', timeZone: 'UTC' });
    expect(failureRowSeconds(once, { most: 2 }, FIRE_TIME)).toBe(0);
  });
});
