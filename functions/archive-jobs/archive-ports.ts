import type { ArchiveProgressStore, ExpiredJobs } from '#shared/ports/archive.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';
import type { WriteChunkPorts } from './write-chunk.ts';

/** What archiving needs. */
export interface ArchivePorts extends WriteChunkPorts {
  readonly now: WallClock;
  readonly expired: ExpiredJobs;
  readonly progress: ArchiveProgressStore;
  /** Whether this invocation has time for a chunk more; else the next one goes on. */
  readonly hasTime: () => boolean;
}

/** What an invocation came to. */
export interface ArchiveEnd {
  /** Jobs that it has written to the archive. */
  readonly jobs: number;
  readonly files: number;
  /** Those of them whose result was not there any more. */
  readonly withoutResult: number;
  /** Shards that wait for another invocation: held by one, or for want of time. */
  readonly waiting: number;
}
