import { type EpochSeconds, fromIso, toIso } from '#shared/domain/epoch-seconds.ts';
import { dayShard, partitionOf } from '#shared/domain/job/job-index.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';
import type { AtExpiry } from '#shared/domain/result/at-expiry.ts';
import { DAY_SECONDS } from '#shared/domain/triggers/civil-date.ts';

/** The sparse index of the jobs that something must happen to when they expire; its keys are {@link EXPIRY_DAY} and {@link EXPIRY_AT}. */
export const BY_EXPIRY = 'byExpiry';

/** The day and shard in which a job expires, as `2026-11-23#7`. */
export const EXPIRY_DAY = 'expiryDay';

/** When it does, as ISO 8601. */
export const EXPIRY_AT = 'expiryAt';

/**
 * The row of a job that is archived stays for this many days after it has expired, so that it is there to be archived; the object of its
 * result has two days more.
 */
export const ARCHIVE_GRACE_DAYS = 5;

const GRACE_SECONDS = ARCHIVE_GRACE_DAYS * DAY_SECONDS;

/** What a settled job's times come from, wherever they are set. */
export interface ExpiryTimes extends AtExpiry {
  /** Absent where no result is kept. */
  readonly resultExpiresAt?: EpochSeconds;
  readonly expiresAt: EpochSeconds;
}

/** A settled job's times as they stand in its row. */
export interface RowTimes {
  readonly resultExpiresAt?: EpochSeconds;
  readonly expiresAt: EpochSeconds;
  readonly [EXPIRY_DAY]?: string;
  readonly [EXPIRY_AT]?: string;
}

/**
 * Writes the times of a settled job as its row has them. Each write that sets or changes them takes them from here, so that the key by which
 * an expired job is found goes with them.
 *
 *     now    resultExpiresAt, or the record's end          expiresAt, at the earliest
 *      |── kept ──|── 5 days: archived, its record tells where ──|
 *
 * A time that has passed as it is set, as of a job that is displaced, counts as now: the day that it lay in may have been archived.
 *
 * @param now - When it is written.
 */
export function expiryAttributes(key: JobKey, times: ExpiryTimes, now: EpochSeconds): RowTimes {
  const { resultExpiresAt, expiresAt, archiveDays, announceExpiry } = times;
  const isArchived = archiveDays !== undefined;
  const result = resultExpiresAt === undefined ? {} : { resultExpiresAt };
  // Of a record without a result nobody is told.
  const isFound = isArchived || (announceExpiry && resultExpiresAt !== undefined);
  if (!isFound) return { ...result, expiresAt };
  const at = Math.max(resultExpiresAt ?? expiresAt, now);
  return {
    ...result,
    expiresAt: isArchived ? Math.max(expiresAt, at + GRACE_SECONDS) : expiresAt,
    [EXPIRY_DAY]: partitionOf(at, dayShard(key)),
    [EXPIRY_AT]: toIso(at),
  };
}

/** Finds when a settled job's record was to go by itself, of one that stays longer to be archived. */
export function ownRecordEnd({
  expiresAt,
  expiryAt,
  archiveDays,
}: Pick<RowTimes, 'expiresAt' | 'expiryAt'> & AtExpiry): EpochSeconds {
  const expiredAt = archiveDays === undefined ? undefined : fromIso(expiryAt ?? '');
  return expiredAt !== undefined && expiresAt === expiredAt + GRACE_SECONDS ? expiredAt : expiresAt;
}
