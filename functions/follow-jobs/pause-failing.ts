import { isFailure } from '#shared/domain/job/outcome.ts';
import { applyStateChange } from '#shared/domain/schedule/apply-state-change.ts';
import {
  decideFailurePause,
  type FailurePause,
  isAskedFor,
  type JobEnd,
  PAUSED_BY_ALMANAC,
} from '#shared/domain/schedule/decide-failure-pause.ts';
import { decidePause } from '#shared/domain/schedule/decide-pause.ts';
import { pauseAt } from '#shared/domain/schedule/pause.ts';
import type { StoredSchedule } from '#shared/domain/schedule/schedule.ts';
import type { JobEnds } from '#shared/ports/job-ends.ts';
import type { ScheduleStore } from '#shared/ports/schedule-store.ts';
import type { StartQueue } from '#shared/ports/start-queue.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';
import type { FollowedChange } from './follow-jobs.ts';

/** What pausing takes. */
export interface PauseFailingPorts {
  readonly now: WallClock;
  readonly schedules: Pick<ScheduleStore, 'read' | 'writeState'>;
  readonly ends: JobEnds;
  readonly queue: StartQueue;
}

/** A schedule that has paused itself, and why. */
export interface SelfPaused {
  readonly scheduleId: string;
  readonly note: string;
}

/** Each lost race means that someone has written the schedule; after so many the batch is given back to the stream. */
const MOST_ROUNDS = 5;

/** So many pages are looked through, each four times as long as the row that is looked for, before the schedule is left as it is. */
const MOST_PAGES = 10;

const ROWS_FOR_EACH_FAILURE = 4;
const SHORTEST_PAGE = 20;

/**
 * Pauses the schedules whose `pauseAfterFailures` last jobs have failed.
 *
 * A batch without failures asks nothing. To repeat a batch is harmless: the schedule is paused by then, or was resumed since, and what
 * lies before that does not count any more.
 *
 * @returns Those that were paused now.
 * @throws {AlmanacError} `store.unavailable`; the stream then delivers the batch again.
 */
export async function pauseFailing(
  changes: readonly FollowedChange[],
  ports: PauseFailingPorts,
): Promise<readonly SelfPaused[]> {
  const failing = changes.filter(
    ({ kind, jobId, outcome }) => kind === 'settled' && isFailure(outcome) && !isAskedFor(jobId),
  );
  const scheduleIds = new Set(failing.map(({ scheduleId }) => scheduleId));
  const paused = await Promise.all([...scheduleIds].map((id) => pauseWhereFailing(id, ports)));
  return paused.flatMap((one) => one ?? []);
}

async function pauseWhereFailing(
  scheduleId: string,
  ports: PauseFailingPorts,
): Promise<SelfPaused | undefined> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const { definition, state } = await ports.schedules.read(scheduleId);
    const most = definition?.policy.pauseAfterFailures;
    if (!definition || !state || most === undefined || pauseAt(state, ports.now()))
      return undefined;
    const present = { definition, state };
    const decision = await lookBack(present, most, ports);
    if (decision.kind !== 'pause') return undefined;
    const { note } = decision;
    if (await pause(present, note, ports)) return { scheduleId, note };
  }
  throw new Error(
    `Expected to pause ${scheduleId} within ${MOST_ROUNDS} tries, got a change before each; the stream will deliver the batch again.`,
  );
}

/** Reads as far back as the row may reach; a change of the trigger and a resume begin it anew. */
async function lookBack(
  { state: { scheduleId, changedAt: since } }: StoredSchedule,
  most: number,
  ports: PauseFailingPorts,
): Promise<FailurePause> {
  const limit = Math.max(most * ROWS_FOR_EACH_FAILURE, SHORTEST_PAGE);
  const ends: JobEnd[] = [];
  let after: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const read = await ports.ends.list({
      scheduleId,
      since,
      limit,
      now: ports.now(),
      ...(after !== undefined && { after }),
    });
    ends.push(...read.ends);
    const decision = decideFailurePause(ends, most);
    if (decision.kind !== 'look-further' || read.next === undefined) return decision;
    after = read.next;
  }
  return { kind: 'leave' };
}

/** @returns `false` where the schedule was written meanwhile: it may have been resumed. */
async function pause(
  present: StoredSchedule,
  note: string,
  ports: PauseFailingPorts,
): Promise<boolean> {
  const now = ports.now();
  const change = decidePause(present, { by: PAUSED_BY_ALMANAC, note }, now);
  await Promise.all(change.starts.map((due) => ports.queue.send({ kind: 'start', ...due })));
  return ports.schedules.writeState(applyStateChange(present, change, now), present.state);
}
