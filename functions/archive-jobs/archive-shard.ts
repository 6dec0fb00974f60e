import {
  type ArchiveProgress,
  decideShard,
  leased,
  noProgress,
  released,
  type ShardOfDay,
  writtenAnew,
} from '#shared/domain/archive/archive-progress.ts';
import type { ArchiveEnd, ArchivePorts } from './archive-ports.ts';
import { takeChunk } from './take-chunk.ts';
import { writeChunk } from './write-chunk.ts';

const NOTHING: ArchiveEnd = { jobs: 0, files: 0, withoutResult: 0, waiting: 0 };

/** So many entries are counted with one request. */
const COUNTED_AT_ONCE = 1_000;

/**
 * Archives one shard of a day, as far as this invocation has time.
 *
 *     lease ── chunk, files, save ── chunk, files, save ── … ── written ── a day later ── counted ──▶ checked
 *                                                                             └── more ──▶ anew
 */
export async function archiveShard(place: ShardOfDay, ports: ArchivePorts): Promise<ArchiveEnd> {
  const seen = (await ports.progress.read(place)) ?? noProgress(place);
  switch (decideShard(seen, ports.now())) {
    case 'done':
      return NOTHING;
    case 'held':
      return { ...NOTHING, waiting: 1 };
    case 'recount':
      return recount(seen, ports);
    case 'write':
      return write(seen, ports);
  }
}

async function write(seen: ArchiveProgress, ports: ArchivePorts): Promise<ArchiveEnd> {
  const { expired, progress, now, hasTime } = ports;
  // Most days of most stacks have nothing to archive, and leave no trace.
  if (seen.step === 0 && (await expired.page(seen, 1, undefined)).entries.length === 0)
    return NOTHING;
  let present = leased(seen, now());
  let end: ArchiveEnd = { ...NOTHING, waiting: 1 };
  while (await progress.save(present)) {
    if (present.leaseUntil === undefined)
      return { ...end, waiting: present.phase === 'written' ? 0 : 1 };
    const { further, ...written } = await writeNext(present, ports);
    end = sumOf(end, written);
    const goesOn = further.phase === 'writing' && hasTime();
    present = goesOn ? leased(further, now()) : released(further);
  }
  return end;
}

/** Writes the next chunk; it counts for nothing until its progress is saved. */
async function writeNext(
  present: ArchiveProgress,
  ports: ArchivePorts,
): Promise<Omit<ArchiveEnd, 'waiting'> & { readonly further: ArchiveProgress }> {
  const { jobs, after, entries, isLast } = await takeChunk(present, ports.expired);
  const written = await writeChunk(jobs, present, ports);
  return {
    jobs: jobs.length,
    ...written,
    further: {
      ...present,
      phase: isLast ? 'written' : 'writing',
      chunks: present.chunks + (jobs.length > 0 ? 1 : 0),
      entries: present.entries + entries,
      ...(after && { after }),
    },
  };
}

function sumOf(end: ArchiveEnd, written: Omit<ArchiveEnd, 'waiting'>): ArchiveEnd {
  return {
    jobs: end.jobs + written.jobs,
    files: end.files + written.files,
    withoutResult: end.withoutResult + written.withoutResult,
    waiting: end.waiting,
  };
}

/** Entries only ever come to a day that has ended: a time that has passed is not set, and rows stay until after this. */
async function recount(seen: ArchiveProgress, ports: ArchivePorts): Promise<ArchiveEnd> {
  let entries = 0;
  let after: ArchiveProgress['after'];
  for (let isLast = false; !isLast; ) {
    const page = await ports.expired.page(seen, COUNTED_AT_ONCE, after);
    entries += page.entries.length;
    after = page.entries.at(-1);
    isLast = page.isLast || after === undefined;
  }
  if (entries > seen.entries) return write(writtenAnew(seen), ports);
  await ports.progress.save(released({ ...seen, phase: 'checked' }));
  return NOTHING;
}
