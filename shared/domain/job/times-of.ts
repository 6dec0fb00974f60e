import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { type AtExpiry, atExpiry } from '#shared/domain/result/at-expiry.ts';
import { expiryAttributes, type RowTimes } from '#shared/domain/result/expiry-attributes.ts';
import type { OwnExpiry } from '#shared/domain/result/keep-last.ts';

/**
 * Writes the times that a settled job is given as its row has them.
 *
 * What was to happen to it at its expiry still happens; it is kept in the archive for as long as the new times say, where they do. One that
 * was put back from the archive is in it already, and keeps the key that it had.
 */
export function timesOf(
  job: Pick<Job, 'key' | 'restoredAt' | keyof AtExpiry>,
  { rule: _, resultExpiresAt, expiresAt, ...happensByThem }: OwnExpiry,
  now: EpochSeconds,
): RowTimes & AtExpiry {
  const times = { ...(resultExpiresAt !== undefined && { resultExpiresAt }), expiresAt };
  const happens = job.restoredAt ? {} : { ...atExpiry(job), ...atExpiry(happensByThem) };
  return { ...expiryAttributes(job.key, { ...times, ...happens }, now), ...happens };
}
