import { basicFireTime, type JobKey } from '#shared/domain/job/job-key.ts';

/** The classes of the archive, in days, shortest first. Each is the folder `archive/keep=<days>d/`, with a lifecycle rule of its own. */
export const ARCHIVE_CLASS_DAYS = [30, 90, 365, 1_095, 2_555, 3_660] as const;

export type ArchiveClassDays = (typeof ARCHIVE_CLASS_DAYS)[number];

/** Archived jobs lie below this prefix, by class and day. */
export const ARCHIVE_PREFIX = 'archive/';

/** No job is kept longer in the archive: ten years of 365 days, which the last class covers. */
export const LONGEST_ARCHIVE_DAYS = 3_650;

/** Finds the smallest class that is not shorter than a job is to be kept. */
export function archiveClassFor(keepDays: number): ArchiveClassDays {
  return ARCHIVE_CLASS_DAYS.find((days) => days >= keepDays) ?? 3_660;
}

/** Names the prefix that a class's lifecycle rule goes by, as `archive/keep=1095d/`. */
export function archiveClassPrefix(days: ArchiveClassDays): string {
  return `${ARCHIVE_PREFIX}keep=${days}d/`;
}

/** A day of one class: where the jobs lie that expired on it. */
export interface ArchivePartition {
  readonly days: ArchiveClassDays;
  /** `2026-11-23`. */
  readonly day: string;
}

/** Names the folder of a partition, as `archive/keep=1095d/day=2026-11-23/`. */
export function archivePartitionPrefix({ days, day }: ArchivePartition): string {
  return `${archiveClassPrefix(days)}day=${day}/`;
}

/** Names a file of jobs, as `archive/keep=1095d/day=2026-11-23/7-0.parquet`: the shard of the day, and which of its chunks. */
export function archiveFileKey(
  partition: ArchivePartition,
  { shard, chunk }: { readonly shard: number; readonly chunk: number },
): string {
  return `${archivePartitionPrefix(partition)}${shard}-${chunk}.parquet`;
}

/** Names the copy of a result that is too large for a file of jobs; beside the days, as whoever queries them reads all that lies there. */
export function archivedResultKey({ days, day }: ArchivePartition, key: JobKey): string {
  return `${archiveClassPrefix(days)}results/${day}/${key.scheduleId}/${basicFireTime(key)}`;
}

/**
 * Finds in which partition a job is archived, or is going to be.
 *
 * @returns `undefined` for a job that is not archived.
 */
export function archivePartitionOf({
  archiveDays,
  expiryDay,
}: {
  readonly archiveDays?: number;
  readonly expiryDay?: string;
}): ArchivePartition | undefined {
  if (archiveDays === undefined || expiryDay === undefined) return undefined;
  return { days: archiveClassFor(archiveDays), day: expiryDay.slice(0, 'YYYY-MM-DD'.length) };
}
