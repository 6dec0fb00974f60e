import type { Job } from '#shared/domain/job/job.ts';
import type { OpenJob } from '#shared/domain/job/open-job.ts';
import { aRunningJob } from '#test/support/a-job.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

/** Builds the job of `daily-sales` at 09:00 as the sweep reads it, while it runs under a lease of two minutes. */
export function anOpenJob(job: Partial<Job> = {}, changes: Omit<OpenJob, 'job'> = {}): OpenJob {
  return { job: aRunningJob(job), ...changes };
}

/** Builds the same job while it waits for its second attempt, due at {@link FIRE_TIME} and a minute. */
export function aRetryingJob(job: Partial<Job> = {}): OpenJob {
  const { owner: _o, leaseUntil: _l, ...waiting } = aRunningJob();
  return {
    job: {
      ...waiting,
      state: 'retrying',
      owner: 'owner-1',
      retryAt: '2026-11-23T09:01:00Z',
      attempts: [{ attempt: 1, outcome: 'error', error: { name: 'Error', message: 'No.' } }],
      ...job,
    },
  };
}

/** Builds the same job before anyone has begun it, with the start that it was queued with. */
export function aQueuedJob(start: NonNullable<OpenJob['start']>, job: Partial<Job> = {}): OpenJob {
  const { owner: _o, leaseUntil: _l, startedAt: _s, ...waiting } = aRunningJob();
  return {
    job: { ...waiting, state: 'queued', attempt: 0, deliverBy: FIRE_TIME + 3_600, ...job },
    start,
  };
}
