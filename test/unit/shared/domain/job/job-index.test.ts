import { describe, expect, it } from 'vitest';
import { DAY_SHARDS, dayPartition } from '#shared/domain/job/job-index.ts';
import { jobKeyOf } from '#shared/domain/job/job-key.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

describe('dayPartition', () => {
  it('spreads the jobs of one minute over all partitions of the day', () => {
    const partitions = Array.from({ length: 400 }, (_, index) =>
      dayPartition(jobKeyOf(`schedule-${index}`, FIRE_TIME), FIRE_TIME),
    );

    expect(new Set(partitions).size).toBe(DAY_SHARDS);
    expect(partitions.every((name) => /^2026-11-23#(\d|1[0-5])$/.test(name))).toBe(true);
  });

  it('goes by the day on which the job finished', () => {
    const key = jobKeyOf('nightly', FIRE_TIME);

    expect(dayPartition(key, FIRE_TIME + 86_400)).toMatch(/^2026-11-24#/);
  });
});
