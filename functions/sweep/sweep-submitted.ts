import { decideOverdue } from '#shared/domain/job/decide-overdue.ts';
import { FIRST_PLACE, nextPlace } from '#shared/domain/job/task-place.ts';
import { STANDS_STILL_AFTER_SECONDS } from '#shared/domain/schedule/stands-still.ts';
import type { SweepStore } from '#shared/ports/sweep-store.ts';
import type { SweptJobs } from '#shared/ports/swept-jobs.ts';
import { eachOf } from './each-of.ts';
import { type MendJobPorts, mendJob } from './mend-job.ts';
import type { Repair } from './repair.ts';

/** What looking at submitted jobs needs. */
export interface SweepSubmittedPorts extends MendJobPorts {
  readonly store: Pick<SweepStore, 'readTaskPlace' | 'writeTaskPlace'>;
  readonly rows: SweptJobs;
  readonly isAdopted: (taskId: string) => boolean;
}

/** So many jobs are read, or seen to, at once. */
const JOBS_AT_ONCE = 25;

/**
 * Looks at the jobs that were submitted to a task without a schedule, and sees to what stands still among them.
 *
 *    those that were open ── all since ── decide ── see to it ── note the place, and which are open
 *
 * @throws {AlmanacError} `store.unavailable`
 */
export async function sweepSubmitted(
  taskId: string,
  ports: SweepSubmittedPorts,
): Promise<readonly (Repair | undefined)[]> {
  const now = ports.now();
  const scheduleId = `task:${taskId}`;
  const place = (await ports.store.readTaskPlace(taskId)) ?? FIRST_PLACE;
  const known = await eachOf(place.open, JOBS_AT_ONCE, (fireTime) =>
    ports.rows.find({ scheduleId, fireTime }),
  );
  const range = { from: place.sweptTo, to: now - STANDS_STILL_AFTER_SECONDS };
  const { rows: later, to } = await ports.rows.between(scheduleId, range);
  const rows = [...known.flatMap((row) => row ?? []), ...later];
  const view = { now, isAdopted: ports.isAdopted };
  const overdue = rows.flatMap(({ open }) => (open ? [decideOverdue(open, undefined, view)] : []));
  const repairs = await eachOf(overdue, JOBS_AT_ONCE, (decided) => mendJob(decided, ports));
  const next = nextPlace(place, rows, to);
  if (next.sweptTo !== place.sweptTo || next.open.join() !== place.open.join())
    await ports.store.writeTaskPlace(taskId, next);
  return repairs;
}
