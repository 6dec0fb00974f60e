import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { expiryAttributes, type RowTimes } from '#shared/domain/result/expiry-attributes.ts';
import type { OwnExpiry } from '#shared/domain/result/keep-last.ts';

/**
 * Writes the times that a settled job is given as its row has them.
 *
 * A job that is to be archived stays so; it is kept there for as long as the new times say, where they do. One that was put back from the
 * archive is in it already, and keeps the key that it had.
 */
export function timesOf(
  { key, archiveDays: present, restoredAt }: Pick<Job, 'key' | 'archiveDays' | 'restoredAt'>,
  { rule: _, archiveDays = present, ...times }: OwnExpiry,
  now: EpochSeconds,
): RowTimes & Pick<Job, 'archiveDays'> {
  if (archiveDays === undefined || restoredAt !== undefined)
    return expiryAttributes(key, times, now);
  return { ...expiryAttributes(key, { ...times, archiveDays }, now), archiveDays };
}
