import { MOST_RESTORED } from '#shared/contracts/restoration.ts';
import {
  filesPrefix,
  firstRow,
  isBehind,
  isInScope,
  partitionsOf,
  type RestorePlace,
  type RestoreScope,
} from '#shared/domain/archive/restore-scope.ts';
import type { RestoredTimes } from '#shared/domain/archive/restored-item.ts';
import { inParallel } from '#shared/domain/in-parallel.ts';
import type { ArchiveFile, ArchiveReader } from '#shared/ports/archive.ts';
import { type RestoreJobPorts, restoreJob } from './restore-job.ts';

/** What putting jobs back needs. */
export interface RestoreJobsPorts extends RestoreJobPorts {
  readonly archive: ArchiveReader;
}

/** Which jobs are to be put back, until when, and where to go on. */
export interface Restoring extends RestoredTimes {
  readonly scope: RestoreScope;
  readonly from?: RestorePlace;
  readonly isDryRun: boolean;
}

/** How far a request has come. */
export interface Restored {
  readonly restored: number;
  readonly present: number;
  /** Absent at the end. */
  readonly next?: RestorePlace;
}

/** A request lists folders and opens files so often at most: it has to answer within seconds. */
const MOST_LOOKS = 100;

/**
 * Puts jobs back from the archive, as many as one request may.
 *
 *     a day ── a class ── a file ── its ids ── the rows of those that are wanted ── results, then rows, of those that are not there
 *
 * All of it may be repeated: a job that was put back is there.
 *
 * @throws {AlmanacError} `store.unavailable`
 */
export async function restoreJobs(
  restoring: Restoring,
  ports: RestoreJobsPorts,
): Promise<Restored> {
  let sum: Omit<Restored, 'next'> = { restored: 0, present: 0 };
  let looks = 0;
  for await (const { place, file } of looksOf(restoring, ports.archive)) {
    const found = sum.restored + sum.present;
    looks += 1;
    if (looks > MOST_LOOKS || found >= MOST_RESTORED) return { ...sum, next: place };
    if (!file) continue;
    const { next, ...more } = await restoreFrom(
      file,
      { place, restoring, most: MOST_RESTORED - found },
      ports,
    );
    sum = { restored: sum.restored + more.restored, present: sum.present + more.present };
    if (next) return { ...sum, next };
  }
  return sum;
}

/** A folder that is about to be listed, or a file that is about to be opened. */
interface Look {
  readonly place: RestorePlace;
  readonly file?: ArchiveFile;
}

async function* looksOf({ scope, from }: Restoring, archive: ArchiveReader): AsyncGenerator<Look> {
  for (const partition of partitionsOf(scope).filter((one) => !isBehind(one, from))) {
    yield { place: { ...partition, key: '', row: 0 } };
    for (const file of await archive.files(filesPrefix(scope, partition))) {
      const place = { ...partition, key: file.key };
      const row = firstRow(place, from);
      if (row !== undefined) yield { place: { ...place, row }, file };
    }
  }
}

async function restoreFrom(
  file: ArchiveFile,
  {
    place,
    restoring,
    most,
  }: { readonly place: RestorePlace; readonly restoring: Restoring; readonly most: number },
  ports: RestoreJobsPorts,
): Promise<Restored> {
  const ids = await ports.archive.ids(file);
  const rows = ids.flatMap((id, row) =>
    row >= place.row && isInScope(restoring.scope, id) ? [row] : [],
  );
  const wanted = rows.slice(0, most);
  if (wanted.length === 0) return { restored: 0, present: 0 };
  const jobs = await ports.archive.jobs(file, wanted);
  const ends = await inParallel(jobs, (job) => restoreJob(job, restoring, ports));
  const restored = ends.filter((end) => end === 'restored').length;
  const row = rows[most];
  return {
    restored,
    present: ends.length - restored,
    ...(row !== undefined && { next: { ...place, row } }),
  };
}
