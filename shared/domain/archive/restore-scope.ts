import {
  ARCHIVE_CLASS_DAYS,
  type ArchiveClassDays,
  type ArchivePartition,
  archivePartitionPrefix,
} from '#shared/domain/archive/archive-place.ts';
import { dayShard } from '#shared/domain/job/job-index.ts';
import { type JobKey, jobId } from '#shared/domain/job/job-key.ts';
import { DAY_SECONDS, readDate } from '#shared/domain/triggers/civil-date.ts';
import { dayOf } from '#shared/domain/utc-day.ts';

/** What is to be put back from the archive: one job, or those of a schedule that expired on certain days. */
export type RestoreScope =
  | { readonly kind: 'job'; readonly key: JobKey; readonly day: string }
  | {
      readonly kind: 'schedule';
      readonly scheduleId: string;
      /** Both days included. */
      readonly from: string;
      readonly to: string;
    };

/** Where in the archive someone who puts jobs back has come to. */
export interface RestorePlace extends ArchivePartition {
  /** The file; empty before the first. */
  readonly key: string;
  /** The row in it, from 0. */
  readonly row: number;
}

/** Lists the partitions in which the jobs of a scope can lie, in the order in which they are gone through. */
export function partitionsOf(scope: RestoreScope): readonly ArchivePartition[] {
  return daysOf(scope).flatMap((day) => ARCHIVE_CLASS_DAYS.map((days) => ({ days, day })));
}

/** Names what the files of a scope in a partition begin with: one job lies in the shard of its id. */
export function filesPrefix(scope: RestoreScope, partition: ArchivePartition): string {
  const folder = archivePartitionPrefix(partition);
  return scope.kind === 'job' ? `${folder}${dayShard(scope.key)}-` : folder;
}

/** Tells whether an archived job is of a scope, by its id. */
export function isInScope(scope: RestoreScope, id: string): boolean {
  return scope.kind === 'job'
    ? id === jobId(scope.key)
    : id.slice(0, id.lastIndexOf('@')) === scope.scheduleId;
}

/** Tells whether all of a partition comes before a place. */
export function isBehind(partition: ArchivePartition, place: RestorePlace | undefined): boolean {
  if (!place) return false;
  const { day, days } = partition;
  return day < place.day || (day === place.day && days < place.days);
}

/**
 * Finds the row of a file from which on someone goes on who has come to a place.
 *
 * @returns `undefined` for a file that comes before it.
 */
export function firstRow(
  { day, days, key }: Omit<RestorePlace, 'row'>,
  place: RestorePlace | undefined,
): number | undefined {
  if (place?.day !== day || place.days !== days) return 0;
  if (key === place.key) return place.row;
  return key < place.key ? undefined : 0;
}

/** Reads a place from the text of {@link writePlace}; it comes back signed, so it is as it was given. */
export function readPlace(text: string): RestorePlace | undefined {
  const [day = '', days, row, ...key] = text.split(' ');
  const known: ArchiveClassDays | undefined = ARCHIVE_CLASS_DAYS.find(
    (one) => String(one) === days,
  );
  return known && { day, days: known, row: Number(row), key: key.join(' ') };
}

/** Writes a place as a text. */
export function writePlace({ day, days, row, key }: RestorePlace): string {
  return [day, days, row, key].join(' ');
}

function daysOf(scope: RestoreScope): readonly string[] {
  if (scope.kind === 'job') return [scope.day];
  const [from, to] = [readDate(scope.from) ?? 0, readDate(scope.to) ?? 0];
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) =>
    dayOf((from + at) * DAY_SECONDS),
  );
}
