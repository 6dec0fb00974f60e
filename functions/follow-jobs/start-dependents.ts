import { type EpochSeconds, fromIso } from '#shared/domain/epoch-seconds.ts';
import { isBeyondDoubt } from '#shared/domain/job/decide-admission.ts';
import { parseJobId } from '#shared/domain/job/job-key.ts';
import {
  type DependentDecision,
  decideDependent,
  isFollowed,
  type UpstreamEnd,
} from '#shared/domain/schedule/decide-dependent.ts';
import type { DependentStore } from '#shared/ports/dependent-store.ts';
import type { JobStore } from '#shared/ports/job-store.ts';
import type { ScheduleStore } from '#shared/ports/schedule-store.ts';
import type { StartQueue } from '#shared/ports/start-queue.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';
import { createUnrun } from '#shared/runner/create-unrun.ts';
import type { FollowedChange } from './follow-jobs.ts';

/** What starting dependents needs. */
export interface StartDependentsPorts {
  readonly now: WallClock;
  readonly dependents: DependentStore;
  readonly schedules: Pick<ScheduleStore, 'read'>;
  readonly jobs: Pick<JobStore, 'createSettled'>;
  readonly queue: StartQueue;
}

/** So many dependents are seen to at once. */
const DEPENDENTS_AT_ONCE = 25;

/**
 * Starts the jobs that come after those which have settled: one read of the edges for each schedule, and one of each dependent.
 *
 * All of it may be repeated, however late: a start that is sent again finds its job begun, or is too late to begin one; a row that is
 * there stays as it is.
 *
 * @throws {AlmanacError} `store.unavailable`; the stream then delivers the batch again.
 */
export async function startDependents(
  changes: readonly FollowedChange[],
  ports: StartDependentsPorts,
): Promise<void> {
  const ends = Map.groupBy(changes.flatMap(endOf), ({ key }) => key.scheduleId);
  for (const [upstreamId, ended] of ends) {
    const endsOf = new Map<string, readonly UpstreamEnd[]>();
    for (const edge of await ports.dependents.list(upstreamId)) {
      const followed = ended.filter((end) => isFollowed(edge, end));
      if (followed.length > 0) endsOf.set(edge.dependentId, followed);
    }
    await inTurns([...endsOf], ([id, followed]) => startDependent(id, followed, ports));
  }
}

/** No schedule comes after a job that was submitted without one. */
function endOf({ kind, jobId, outcome, finishedAt }: FollowedChange): readonly UpstreamEnd[] {
  const key = parseJobId(jobId);
  const finished = fromIso(finishedAt);
  if (kind !== 'settled' || !key || finished === undefined) return [];
  return key.scheduleId.startsWith('task:') ? [] : [{ key, outcome, finishedAt: finished }];
}

async function startDependent(
  dependentId: string,
  ends: readonly UpstreamEnd[],
  ports: StartDependentsPorts,
): Promise<void> {
  const dependent = await ports.schedules.read(dependentId);
  for (const end of ends) await carryOut(decideDependent(dependent, end), ports);
}

async function carryOut(decision: DependentDecision, ports: StartDependentsPorts): Promise<void> {
  if (decision.kind === 'nothing') return;
  const { start } = decision;
  const now: EpochSeconds = ports.now();
  // A batch that comes again much later may have been followed before, and the row have come and gone.
  if (!isBeyondDoubt(start, now)) return;
  if (decision.kind === 'start') return ports.queue.send({ kind: 'start', notBefore: now, start });
  const { jobs } = ports;
  const end = { outcome: 'skipped', error: decision.error } as const;
  await createUnrun(start, end, { jobs, nowMs: () => now * 1000 });
}

async function inTurns<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<void>,
): Promise<void> {
  for (let first = 0; first < items.length; first += DEPENDENTS_AT_ONCE)
    await Promise.all(items.slice(first, first + DEPENDENTS_AT_ONCE).map(act));
}
