import type {
  ArchiveProgress,
  ExpiryPlace,
  ShardOfDay,
} from '#shared/domain/archive/archive-progress.ts';
import type { ArchiveRow } from '#shared/domain/archive/archive-row.ts';
import type { Job } from '#shared/domain/job/job.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';

/** The jobs that something happens to when they expire. All methods throw {@link AlmanacError} `store.unavailable`. */
export interface ExpiredJobs {
  /** Lists the entries of a shard in the order of their expiry; those of the last moments may be missing. */
  page(place: ShardOfDay, limit: number, after: ExpiryPlace | undefined): Promise<ExpiredPage>;
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
