import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import type { AlmanacEvent } from '#shared/domain/event/almanac-event.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { fireTimeOf } from '#shared/domain/job/job-key.ts';

/**
 * Tells that a job has settled: how, and what was kept of it.
 *
 * Of an error it has the name alone: the message is the task's own, and may quote an input.
 *
 * @returns `undefined` for a job that has not settled.
 */
export function jobSettled(job: Job): AlmanacEvent | undefined {
  const { id, finishedAt, outcome, startedAt, durationMs, resultState, resultBytes, error } = job;
  if (outcome === undefined || finishedAt === undefined) return undefined;
  return {
    type: 'job.settled',
    id: `${id}/settled`,
    subject: id,
    time: finishedAt,
    data: {
      ...whichJob(job),
      outcome,
      attempt: job.attempt,
      revision: job.revision,
      ...(startedAt !== undefined && { startedAt }),
      finishedAt,
      ...(durationMs !== undefined && { durationMs }),
      ...(error && { errorName: error.name }),
      ...(resultState !== undefined && { resultState }),
      ...(resultBytes !== undefined && { resultBytes }),
      ...instant('resultExpiresAt', job.resultExpiresAt),
      ...instant('expiresAt', job.expiresAt),
      metadata: job.metadata,
    },
  };
}

/** Says which job an event is about, in the words of the API. */
export function whichJob({ id, key, task }: Job): Readonly<Record<string, string>> {
  return { jobId: id, scheduleId: key.scheduleId, task, fireTime: toIso(fireTimeOf(key)) };
}

/** An instant that an event shows, where the job has it. */
export function instant(
  name: string,
  at: EpochSeconds | undefined,
): Readonly<Record<string, string>> {
  return at === undefined ? {} : { [name]: toIso(at) };
}
