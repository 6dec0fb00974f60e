import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { fireTimeOf } from '#shared/domain/job/job-key.ts';

/** Says which job an event is about, in the words of the API. */
export function whichJob({ id, key, task }: Job): Readonly<Record<string, string>> {
  return { jobId: id, scheduleId: key.scheduleId, task, fireTime: toIso(fireTimeOf(key)) };
}
