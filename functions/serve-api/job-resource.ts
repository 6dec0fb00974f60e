import {
  archivePartitionOf,
  archivePartitionPrefix,
} from '#shared/domain/archive/archive-place.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { fireTimeOf } from '#shared/domain/job/job-key.ts';
import type { SettledJob } from '#shared/domain/job/settled-job.ts';
import type { SlotGroup } from '#shared/domain/job/slot.ts';

/** Shows a job as the API answers it, without its result. */
export function jobResource(job: Job) {
  return {
    id: job.id,
    scheduleId: job.key.scheduleId,
    task: job.task,
    fireTime: toIso(fireTimeOf(job.key)),
    state: job.state,
    ...(job.outcome !== undefined && { outcome: job.outcome }),
    attempt: job.attempt,
    revision: job.revision,
    ...(job.startedAt !== undefined && { startedAt: job.startedAt }),
    ...(job.finishedAt !== undefined && { finishedAt: job.finishedAt }),
    ...(job.durationMs !== undefined && { durationMs: job.durationMs }),
    ...resultParts(job),
    ...retentionParts(job),
    ...(job.error && { error: job.error }),
    ...(job.attempts && { attempts: job.attempts }),
    ...(job.retryAt !== undefined && { retryAt: job.retryAt }),
    ...(job.waitingFor !== undefined && { waitingFor: whoseTurn(job.waitingFor) }),
    ...noteParts(job),
    metadata: job.metadata,
  };
}

/** What was noted of a job while it ran. */
function noteParts({ progress, cancelRequested, inputs }: Job) {
  return {
    ...(progress && { progress }),
    ...(cancelRequested && { cancelRequested }),
    ...(inputs && { inputs }),
  };
}

function resultParts(job: Job) {
  return {
    ...(job.resultState !== undefined && { resultState: job.resultState }),
    ...(job.resultReason !== undefined && { resultReason: job.resultReason }),
    ...(job.resultBytes !== undefined && { resultBytes: job.resultBytes }),
    ...(job.sameAs !== undefined && { sameAs: job.sameAs }),
    ...(job.isChanged && { isChanged: job.isChanged }),
    ...(job.indexes && { indexes: job.indexes }),
    ...(job.metrics && { metrics: job.metrics.values }),
  };
}

/** Says whose running jobs are waited for, in the words of the API. */
function whoseTurn(group: SlotGroup): string {
  const name = group.slice('slot:'.length);
  return name.startsWith('task:') ? name : `schedule:${name}`;
}

/** Shows a job as the list across schedules has it. */
export function settledJobResource(job: SettledJob) {
  const { key, resultExpiresAt, expiresAt, tags, ...rest } = job;
  return {
    ...rest,
    scheduleId: key.scheduleId,
    fireTime: toIso(fireTimeOf(key)),
    state: 'settled',
    ...(resultExpiresAt !== undefined && { resultExpiresAt: toIso(resultExpiresAt) }),
    ...(expiresAt !== undefined && { expiresAt: toIso(expiresAt) }),
    ...(tags.length > 0 && { tags }),
  };
}

function retentionParts(job: Job) {
  const { resultExpiresAt, expiresAt, retentionRule, restoredAt } = job;
  const partition = archivePartitionOf(job);
  return {
    ...(resultExpiresAt !== undefined && { resultExpiresAt: toIso(resultExpiresAt) }),
    ...(expiresAt !== undefined && { expiresAt: toIso(expiresAt) }),
    ...(retentionRule !== undefined && { retentionRule }),
    ...(partition && { archive: archivePartitionPrefix(partition) }),
    ...(restoredAt !== undefined && { restoredAt }),
  };
}
