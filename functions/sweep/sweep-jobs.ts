import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { decideSpan } from '#shared/domain/schedule/decide-span.ts';
import type { ScheduleDefinition, ScheduleState } from '#shared/domain/schedule/schedule.ts';
import { STANDS_STILL_AFTER_SECONDS } from '#shared/domain/schedule/stands-still.ts';
import { sweptToOf } from '#shared/domain/schedule/sweep-position.ts';
import type { SweepStore } from '#shared/ports/sweep-store.ts';
import type { SweptJobs } from '#shared/ports/swept-jobs.ts';
import { type MendJobPorts, mendJob } from './mend-job.ts';
import type { Repair } from './repair.ts';

/** What looking at a schedule's jobs needs. */
export interface SweepJobsPorts extends MendJobPorts {
  readonly store: Pick<SweepStore, 'moveSweptTo'>;
  readonly rows: Pick<SweptJobs, 'between'>;
  readonly isAdopted: (taskId: string) => boolean;
}

/** A schedule as a page of a sweep has it; a tombstone has no definition. */
export interface SweptSchedule {
  readonly definition?: ScheduleDefinition;
  readonly state: ScheduleState;
}

/**
 * Looks at the jobs of a schedule from where it is swept to, and sees to what stands still among them.
 *
 *    read the rows ── decide ── see to it ── move `sweptTo`, where the schedule is as it was read
 *
 * `sweptTo` moves last, and never past what has been seen to here: a sweep that dies anywhere is repeated by the next one.
 *
 * @throws {AlmanacError} `store.unavailable`
 */
export async function sweepJobs(
  { definition, state }: SweptSchedule,
  ports: SweepJobsPorts,
): Promise<readonly (Repair | undefined)[]> {
  const now: EpochSeconds = ports.now();
  const wanted = now - STANDS_STILL_AFTER_SECONDS;
  const from = sweptToOf(state);
  const { rows, to } = await ports.rows.between(state.scheduleId, { from, to: wanted });
  const span = { ...(definition && { definition }), state, rows, to, isWhole: to === wanted };
  const { gaps, overdue, sweptTo } = decideSpan(span, { now, isAdopted: ports.isAdopted });
  const repairs: (Repair | undefined)[] = [];
  for (const decided of [...gaps, ...overdue]) repairs.push(await mendJob(decided, ports));
  if (sweptTo !== from) await ports.store.moveSweptTo(state, sweptTo);
  return repairs;
}
