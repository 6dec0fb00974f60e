import type { AlmanacEvent } from '#shared/domain/event/almanac-event.ts';
import { instantMember } from '#shared/domain/event/instant-member.ts';
import { whichJob } from '#shared/domain/event/which-job.ts';
import type { Job } from '#shared/domain/job/job.ts';

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
      ...instantMember('resultExpiresAt', job.resultExpiresAt),
      ...instantMember('expiresAt', job.expiresAt),
      metadata: job.metadata,
    },
  };
}
