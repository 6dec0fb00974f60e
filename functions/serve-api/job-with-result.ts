import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { inlineTextOf } from './find-result.ts';
import { jobResource } from './job-resource.ts';

/** Shows a job as JSON, with its result where that has not expired and is no payload of its own. */
export function jobWithResultText(job: Job, now: EpochSeconds): string {
  const resource = JSON.stringify(jobResource(job));
  const isKept = (job.resultExpiresAt ?? 0) > now;
  const text = isKept && job.content ? inlineTextOf(job.content) : undefined;
  // The text is the task's own JSON, digits that no number of ours holds included.
  return text === undefined ? resource : `${resource.slice(0, -1)},"result":${text}}`;
}
