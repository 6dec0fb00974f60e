import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { AlmanacEvent } from '#shared/domain/event/almanac-event.ts';
import { instantMember } from '#shared/domain/event/instant-member.ts';
import { whichJob } from '#shared/domain/event/which-job.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { isAskedFor } from '#shared/domain/schedule/decide-failure-pause.ts';

/**
 * Tells whether a job's result may be compared with another's of its schedule: it went well, at one of the schedule's own fire times,
 * and its result is kept. A result that has expired is as if it were not there.
 */
export function hasComparableResult(job: Job, now: EpochSeconds): boolean {
  const { id, outcome, content, resultExpiresAt = Number.POSITIVE_INFINITY } = job;
  return outcome === 'success' && !isAskedFor(id) && content !== undefined && resultExpiresAt > now;
}

/**
 * Tells that a job's result is not that of the success before it. Neither the results nor a hash of them is in it: a hash of a short
 * result can be guessed.
 *
 * @param previous - The success before, whose result was found to be another.
 */
export function resultChanged(job: Job, previous: Job): AlmanacEvent {
  const { id, finishedAt = '', resultBytes } = job;
  return {
    type: 'result.changed',
    id: `${id}/result-changed`,
    subject: id,
    time: finishedAt,
    data: {
      ...whichJob(job),
      finishedAt,
      ...(resultBytes !== undefined && { resultBytes }),
      ...instantMember('resultExpiresAt', job.resultExpiresAt),
      previous: {
        jobId: previous.id,
        finishedAt: previous.finishedAt,
        ...(previous.resultBytes !== undefined && { resultBytes: previous.resultBytes }),
      },
      metadata: job.metadata,
    },
  };
}
