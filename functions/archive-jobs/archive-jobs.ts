import { daysToArchive } from '#shared/domain/archive/archive-progress.ts';
import { DAY_SHARDS } from '#shared/domain/job/job-index.ts';
import type { ArchiveEnd, ArchivePorts } from './archive-ports.ts';
import { archiveShard } from './archive-shard.ts';

/**
 * Writes the jobs of the days that have ended to the archive, each once.
 *
 *     a day ends ── its shards one by one ── list, read, write a file, save ── a day later: counted again
 *
 * All of it may be repeated: a file that was written before its progress was saved is written over, with the same jobs.
 *
 * @throws {AlmanacError} `store.unavailable`; the next invocation goes on from the last save, when the lease of this one has ended.
 */
export async function archiveJobs(ports: ArchivePorts): Promise<ArchiveEnd> {
  let sum: ArchiveEnd = { jobs: 0, files: 0, withoutResult: 0, waiting: 0 };
  for (const day of daysToArchive(ports.now()))
    for (let shard = 0; shard < DAY_SHARDS; shard += 1) {
      const end = ports.hasTime() ? await archiveShard({ day, shard }, ports) : WAITING;
      sum = {
        jobs: sum.jobs + end.jobs,
        files: sum.files + end.files,
        withoutResult: sum.withoutResult + end.withoutResult,
        waiting: sum.waiting + end.waiting,
      };
    }
  return sum;
}

const WAITING: ArchiveEnd = { jobs: 0, files: 0, withoutResult: 0, waiting: 1 };
