import { describe, expect, it } from 'vitest';
import {
  archiveClassFor,
  archivedResultKey,
  archiveFileKey,
  archivePartitionOf,
  archivePartitionPrefix,
} from '#shared/domain/archive/archive-place.ts';

describe('the places of the archive', () => {
  it.each([
    [1, 30],
    [30, 30],
    [31, 90],
    [1_095, 1_095],
    [1_096, 2_555],
    [3_650, 3_660],
  ])('keep what is to be kept %i days in the class of %i', (days, expected) => {
    expect(archiveClassFor(days)).toBe(expected);
  });

  it('are a folder for each class and day, a file for each chunk of a shard, and large results apart', () => {
    const partition = { days: 1_095, day: '2026-11-23' } as const;
    const key = { scheduleId: 'daily-sales', fireTime: '2026-10-23T09:00:00Z' };

    expect(archivePartitionPrefix(partition)).toBe('archive/keep=1095d/day=2026-11-23/');
    expect(archiveFileKey(partition, { shard: 7, chunk: 2 })).toBe(
      'archive/keep=1095d/day=2026-11-23/7-2.parquet',
    );
    expect(archivedResultKey(partition, key)).toBe(
      'archive/keep=1095d/results/2026-11-23/daily-sales/20261023T090000Z',
    );
  });

  it('are those of jobs that are archived alone', () => {
    expect(archivePartitionOf({ archiveDays: 40, expiryDay: '2026-11-23#7' })).toEqual({
      days: 90,
      day: '2026-11-23',
    });
    expect(archivePartitionOf({})).toBeUndefined();
  });
});
