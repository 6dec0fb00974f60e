import { isSettle } from '#shared/adapters/dynamodb/is-settle.ts';
import { jobFromItem } from '#shared/adapters/dynamodb/job-item.ts';
import type { StreamChange } from '#shared/adapters/dynamodb/stream-event.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { decideDisplaced } from '#shared/domain/result/keep-last.ts';
import type { HeldJobs, ListedHeldJob } from '#shared/ports/job-retention.ts';

/** A batch lets go at most so many jobs of one schedule; what is left, as after a lower `keepLast`, the next batches do. */
const MOST_LET_GO = 100;

/**
 * Gives the jobs their own time back that newer ones have displaced from those that their schedule keeps by their number.
 *
 * What is held is read from an index that may be a moment behind, and completed by the batch itself. A job that is missing in both only
 * keeps an older one a while longer, so a batch may come twice, late, or beside another: none but a displaced job is ever let go.
 *
 * @throws {AlmanacError} `store.unavailable`; the stream then delivers the batch again.
 */
export async function letGoDisplaced(
  changes: readonly StreamChange[],
  { held }: { readonly held: HeldJobs },
): Promise<void> {
  const settled = Map.groupBy(changes.flatMap(keepingJob), ({ key }) => key.scheduleId);
  await Promise.all(
    [...settled].map(async ([scheduleId, jobs]) => letGoOf(scheduleId, jobs, held)),
  );
}

type KeepingJob = Job & Required<Pick<Job, 'keep'>>;

/** Only a settle: letting go is a change of a settled row. */
function keepingJob(change: StreamChange): readonly KeepingJob[] {
  const { newItem } = change;
  if (newItem?.['keep'] === undefined || !isSettle(change)) return [];
  const job = jobFromItem(newItem);
  const { keep } = job;
  return keep ? [{ ...job, keep }] : [];
}

async function letGoOf(
  scheduleId: string,
  jobs: readonly KeepingJob[],
  held: HeldJobs,
): Promise<void> {
  const most = Math.max(...jobs.map(({ keep }) => keep.last ?? 0));
  const listed = await held.newest(scheduleId, most + MOST_LET_GO);
  const all = [...listed, ...jobs];
  // A schedule may have been changed meanwhile: its newest job says what is to be kept.
  const newest = all.reduce((one, other) => (one.key.fireTime < other.key.fireTime ? other : one));
  const known = new Map([...jobs.flatMap(asHeld), ...listed].map((job) => [job.key.fireTime, job]));
  const displaced = decideDisplaced([...known.values()], newest.keep);
  await Promise.all(displaced.slice(-MOST_LET_GO).map((job) => held.letGo(job)));
}

/** A job that was not run, or settled when nothing was to be kept any more, is not held. */
function asHeld({ key, outcome, ownExpiry, heldBy, keep }: KeepingJob): readonly ListedHeldJob[] {
  if (outcome === undefined || ownExpiry === undefined || heldBy === undefined) return [];
  return [{ key, outcome, ownExpiry, keep }];
}
