import type { ArchiveProgress, ExpiryPlace } from '#shared/domain/archive/archive-progress.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { type JobKey, jobId } from '#shared/domain/job/job-key.ts';
import type { ExpiredJobs } from '#shared/ports/archive.ts';
import { isCopied } from './write-chunk.ts';

/** The jobs of one file, or of one file of each class. */
interface Chunk {
  readonly jobs: readonly Job[];
  /** The last entry that was looked at. */
  readonly after: ExpiryPlace | undefined;
  readonly entries: number;
  readonly isLast: boolean;
}

/** A file has at most so many jobs, and so many bytes of results, before any compression; both are in memory at once. */
const MOST_JOBS = 10_000;
const MOST_BYTES = 33_554_432;

/** What a record counts for, and a result that is copied: a copy takes time, and no memory. */
const RECORD_BYTES = 1_024;
const COPY_BYTES = 65_536;

/** DynamoDB reads as many rows with one request. */
const READ_AT_ONCE = 100;

/**
 * Takes the next jobs of a shard, in the order of their expiry, as many as one file may have.
 *
 * Which these are depends on the entries and rows alone: whoever takes them again takes the same.
 */
export async function takeChunk(progress: ArchiveProgress, expired: ExpiredJobs): Promise<Chunk> {
  const { day, shard } = progress;
  let taken: Taken = { jobs: [], bytes: 0, after: progress.after, entries: 0, isFull: false };
  for (;;) {
    const page = await expired.page(progress, READ_AT_ONCE, taken.after);
    const rows = await expired.rows(page.entries.map(({ key }) => key));
    taken = takeEntries(taken, page.entries, (key) => {
      const job = rows.get(jobId(key));
      // The index may be behind: a row that expires at another time by now is found there.
      return job?.expiryDay === `${day}#${shard}` ? job : undefined;
    });
    const { jobs, after, entries, isFull } = taken;
    if (isFull || page.isLast) return { jobs, after, entries, isLast: !isFull };
  }
}

interface Taken extends Omit<Chunk, 'isLast'> {
  readonly bytes: number;
  /** The next job is another chunk's. */
  readonly isFull: boolean;
}

function takeEntries(
  before: Taken,
  listed: readonly ExpiryPlace[],
  find: (key: JobKey) => Job | undefined,
): Taken {
  const jobs = [...before.jobs];
  let { bytes, after, entries } = before;
  for (const entry of listed) {
    const job = find(entry.key);
    if (job) {
      bytes += bytesOf(job);
      const isFull = jobs.length === MOST_JOBS || (jobs.length > 0 && bytes > MOST_BYTES);
      if (isFull) return { jobs, bytes, after, entries, isFull };
      jobs.push(job);
    }
    entries += 1;
    after = entry;
  }
  return { jobs, bytes, after, entries, isFull: false };
}

function bytesOf({ content, resultBytes = 0 }: Job): number {
  if (!content) return RECORD_BYTES;
  return RECORD_BYTES + (isCopied(content) ? COPY_BYTES : resultBytes);
}
