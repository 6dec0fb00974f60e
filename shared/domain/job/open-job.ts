import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';
import { deliverByOf, type Start } from '#shared/domain/job/start.ts';
import { startOf } from '#shared/domain/schedule/due-starts.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';

/** A job's row as the sweep reads it. */
export interface SweptRow {
  readonly key: JobKey;
  /** Absent on a settled row, of which no more is read. */
  readonly open?: OpenJob;
}

/** A job that has not settled. */
export interface OpenJob {
  readonly job: Job;
  /** What the job was queued with; absent where it began with its schedule's own start. */
  readonly start?: Start;
}

/** The start that a job is settled by, or begun with again. */
export interface Restart {
  /** It names the job's next attempt. */
  readonly start: Start;
  /** Whether it is what the job was begun with: only then may it be sent. */
  readonly isOwn: boolean;
}

/**
 * Makes the start of a job's next attempt, from what its row and its schedule still say.
 *
 * A row that was queued has its start in it. Any other was begun by its schedule, whose definition says the same while it is at the
 * job's revision. Where it was changed or deleted since, input and retry policy are lost: what is made then only says how long the
 * job's record is kept.
 *
 * @param definition - As it is now; absent where the schedule was deleted, or there is none.
 */
export function restartOf({ job, start }: OpenJob, definition?: ScheduleDefinition): Restart {
  const attempt = job.attempt + 1;
  if (start) return { start: { ...start, attempt }, isOwn: true };
  if (definition?.revision === job.revision) {
    const own = { ...startOf(definition, job.key.fireTime), attempt };
    const isUsual = deliverByOf(own) === job.deliverBy;
    return { start: isUsual ? own : { ...own, deliverBy: toIso(job.deliverBy) }, isOwn: true };
  }
  return { start: standIn(job, definition), isOwn: false };
}

/** A record of a job whose policy nobody knows any more is kept by the present one, and for a day where there is none. */
function standIn(job: Job, definition: ScheduleDefinition | undefined): Start {
  const { retry: _, ...policy } = definition
    ? startOf(definition, job.key.fireTime).policy
    : { resultExpirationTime: 0 };
  return {
    v: 1,
    scheduleId: job.key.scheduleId,
    fireTime: job.key.fireTime,
    revision: job.revision,
    attempt: job.attempt + 1,
    deliverBy: toIso(job.deliverBy),
    task: job.task,
    input: null,
    policy,
    metadata: job.metadata,
  };
}
