import { describe, expect, it } from 'vitest';
import { jobsPerDay } from '#shared/domain/usage/jobs-per-day.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { aTrigger } from '#test/support/a-trigger.ts';

const cron = (expression: string) => aTrigger({ kind: 'cron', expression, timeZone: 'UTC' });

describe('jobsPerDay', () => {
  it.each([
    ['every minute', '* * * * *', 1_440],
    ['every quarter of an hour', '*/15 * * * *', 96],
    ['every day', '0 9 * * *', 1],
    ['every Monday', '0 9 * * mon', 1 / 7],
    ['every month', '0 9 1 * *', 12 / 365],
    ['every year', '0 9 1 1 *', 1 / 365],
  ])('is for %s what it comes to over a year', (_, expression, expected) => {
    expect(jobsPerDay(cron(expression), FIRE_TIME)).toBeCloseTo(expected, 1);
  });

  it('ends with as many jobs as the schedule has', () => {
    expect(jobsPerDay(cron('* * * * *'), FIRE_TIME, 73)).toBeCloseTo(73 / 365, 6);
  });

  it('is nothing for what never fires, or is too hard to find', () => {
    const never = {
      kind: 'all',
      maxIterations: 5,
      of: [cronJson('0 9 * * *'), cronJson('0 10 * * *')],
    };

    expect(jobsPerDay(aTrigger(never), FIRE_TIME)).toBe(0);
  });
});

function cronJson(expression: string) {
  return { kind: 'cron', expression, timeZone: 'UTC' };
}
