import { describe, expect, it } from 'vitest';
import { type MeasuredJob, type Rollup, rollUp } from '#shared/domain/rollup/rollup.ts';

const DAY = 86_400;

function aJob(sequence: string, changes: Partial<MeasuredJob> = {}): MeasuredJob {
  return { sequence, finishedAt: 1_000, measured: { values: { rows: 5 } }, ...changes };
}

const counts = (rollup: Rollup | undefined) =>
  Object.fromEntries([...(rollup?.metrics ?? [])].map(([name, { count }]) => [name, count]));

describe('a rollup', () => {
  it('is kept for 400 days after the last job in it', () => {
    const rollup = rollUp(undefined, [aJob('1'), aJob('2', { finishedAt: 5_000 })]);

    expect(rollup?.expiresAt).toBe(5_000 + 400 * DAY);
  });

  it('is kept for as long as the last job in it said, even if that is shorter', () => {
    const measured = { values: { rows: 5 }, keptSeconds: DAY };

    const rollup = rollUp(undefined, [aJob('1'), aJob('2', { measured })]);

    expect(rollup?.expiresAt).toBe(1_000 + DAY);
  });

  it('begins anew where it had expired, and still knows what it has counted', () => {
    const measured = { values: { rows: 5 }, keptSeconds: DAY };
    const expired = rollUp(undefined, [aJob('1', { measured }), aJob('2', { measured })]);

    const rollup = rollUp(expired, [aJob('2'), aJob('3', { finishedAt: 1_000 + DAY, measured })]);

    expect(counts(rollup)).toEqual({ rows: 1 });
    expect(rollup?.settledUpTo).toBe('3');
  });

  it('counts twenty names at most, the first that came', () => {
    const renamed = Array.from({ length: 25 }, (_, at) =>
      aJob(String(100 + at), { measured: { values: { [`name${at}`]: 1, name0: 1 } } }),
    );

    const rollup = rollUp(undefined, renamed);

    expect(rollup?.metrics.size).toBe(20);
    expect(counts(rollup)).toMatchObject({ name0: 25, name19: 1 });
    expect(rollup?.metrics.has('name20')).toBe(false);
  });
});
