import type {
  ArchiveProgress,
  ExpiryPlace,
  ShardOfDay,
} from '#shared/domain/archive/archive-progress.ts';
import type { ArchiveRow } from '#shared/domain/archive/archive-row.ts';
import type { ArchivedJob } from '#shared/domain/archive/restored-item.ts';
import type { ExpirySpan } from '#shared/domain/event/announced-span.ts';
import type { Job } from '#shared/domain/job/job.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';
import type { Item } from '#shared/domain/result/item-bytes.ts';

/** The jobs that something happens to when they expire. All methods throw {@link AlmanacError} `store.unavailable`. */
export interface ExpiredJobs {
  /**
   * Lists the entries of a shard in the order of their expiry; those of the last moments may be missing.
   *
   * @param place.span - Those alone that expire within it; all of the day where it is absent.
   */
  page(
    place: ShardOfDay & { readonly span?: ExpirySpan },
    limit: number,
    after: ExpiryPlace | undefined,
  ): Promise<ExpiredPage>;
  /** Reads rows strongly, by the job's id; those that have gone are left out. */
  rows(keys: readonly JobKey[]): Promise<ReadonlyMap<string, Job>>;
}

export interface ExpiredPage {
  readonly entries: readonly ExpiryPlace[];
  readonly isLast: boolean;
}

/** Which shards of which days are in the archive. */
export interface ArchiveProgressStore {
  /** @throws {AlmanacError} `store.unavailable`, as all methods do. */
  read(place: ShardOfDay): Promise<ArchiveProgress | undefined>;
  /**
   * Writes how far a shard has come, where it stands a step before.
   *
   * @returns `false` where another invocation has written it meanwhile.
   */
  save(progress: ArchiveProgress): Promise<boolean>;
}

/** The files of the archive. */
export interface ArchiveFiles {
  /**
   * Writes a file, over one that is there: it is of the same jobs.
   *
   * @throws {AlmanacError} `store.unavailable`.
   */
  put(key: string, rows: readonly ArchiveRow[]): Promise<void>;
}

/** Reads the files of the archive. All methods throw {@link AlmanacError} `store.unavailable`. */
export interface ArchiveReader {
  /** Lists the files below a prefix, in the order of their keys. */
  files(prefix: string): Promise<readonly ArchiveFile[]>;
  /** Reads the ids of a file's jobs, in the order of its rows. */
  ids(file: ArchiveFile): Promise<readonly string[]>;
  /** Reads some of a file's jobs. @param rows - Their places, from 0, in order. */
  jobs(file: ArchiveFile, rows: readonly number[]): Promise<readonly ArchivedJob[]>;
}

export interface ArchiveFile {
  readonly key: string;
  readonly bytes: number;
}

/** Puts rows back into the Jobs table. */
export interface JobRestores {
  /**
   * Writes a job's row: where there is none, or over one whose time is up and that is as it was read.
   *
   * @param seen - The row that is replaced.
   * @returns `false` where the row is another by now.
   * @throws {AlmanacError} `store.unavailable`.
   */
  restore(item: Item, seen: Job | undefined): Promise<boolean>;
}
