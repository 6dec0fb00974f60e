import { AlmanacError } from '#shared/domain/almanac-error.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { ID_PATTERN } from '#shared/domain/job/job-key.ts';
import { OUTCOMES, type Outcome } from '#shared/domain/job/outcome.ts';
import type { JobReader } from '#shared/ports/job-store.ts';
import type { ScheduleStore } from '#shared/ports/schedule-store.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';
import { findSchedule } from './find-schedule.ts';
import { listJobs, MOST_ROWS } from './list-jobs.ts';

/** What looking back needs. */
export interface FindLatestPorts {
  readonly now: WallClock;
  readonly jobs: JobReader;
  readonly schedules: Pick<ScheduleStore, 'read'>;
}

/**
 * Finds a schedule's newest job that has settled, by fire time.
 *
 * A fire time that was skipped beforehand and is yet to come is not looked at, and no further back than {@link MOST_ROWS} rows.
 *
 * @param outcomes - Absent: however it ended.
 * @throws {AlmanacError} `schedule.not-found`, `job.not-found`
 */
export async function findLatest(
  scheduleId: string,
  outcomes: readonly Outcome[] | undefined,
  ports: FindLatestPorts,
): Promise<Job> {
  const now = ports.now();
  // No store is asked for a key that it could not hold.
  if (!ID_PATTERN.test(scheduleId)) await findSchedule(scheduleId, ports.schedules);
  const filter = { outcomes: outcomes ?? OUTCOMES };
  const { jobs } = await listJobs({ scheduleId, filter, to: now, limit: 1, now }, ports.jobs);
  const [listed] = jobs;
  const job = listed && (await ports.jobs.get(listed.key));
  if (job) return job;
  await findSchedule(scheduleId, ports.schedules);
  throw new AlmanacError(
    'job.not-found',
    `Expected a job of \`${scheduleId}\` that ended as ${filter.outcomes.join(' or ')}, got none among its last ${MOST_ROWS}.`,
  );
}
