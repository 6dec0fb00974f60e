import type { AlmanacEvent } from '#shared/domain/event/almanac-event.ts';
import { hasComparableResult, resultChanged } from '#shared/domain/event/result-changed.ts';
import type { Job } from '#shared/domain/job/job.ts';
import type { EarlierResults } from '#shared/ports/earlier-results.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';
import { resultDigest } from './result-digest.ts';

/** What comparing takes. */
export interface FindChangedResultPorts {
  readonly now: WallClock;
  readonly results: EarlierResults;
}

/**
 * Compares what a settled job returned with what the success before it did: by the hashes of their canonical JSON, where the
 * schedule's `persist` has both written; else as JSON, byte for byte. One that was found unchanged when it was stored is that.
 *
 * @returns The event that tells of the change; `undefined` where there is none, or nothing to compare.
 * @throws {AlmanacError} `store.unavailable`.
 */
export async function findChangedResult(
  job: Job,
  { now, results }: FindChangedResultPorts,
): Promise<AlmanacEvent | undefined> {
  if (job.sameAs !== undefined || !hasComparableResult(job, now())) return undefined;
  const previous = await results.before(job.key, now());
  const isChanged = previous !== undefined && !(await haveSameResult(job, previous));
  return isChanged ? resultChanged(job, previous) : undefined;
}

async function haveSameResult(job: Job, other: Job): Promise<boolean> {
  if (job.resultHash !== undefined && other.resultHash !== undefined)
    return job.resultHash === other.resultHash;
  if (!job.content || !other.content) return job.content === other.content;
  if (job.resultBytes !== other.resultBytes) return false;
  return (await resultDigest(job.content)) === (await resultDigest(other.content));
}
