import type { Job } from '#shared/domain/job/job.ts';
import { jobId } from '#shared/domain/job/job-key.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

/** Builds the job of `daily-sales` at {@link FIRE_TIME}: settled with a result that is kept for an hour. */
export function aJob(changes: Partial<Job> = {}): Job {
  const key = changes.key ?? { scheduleId: 'daily-sales', fireTime: '2026-11-23T09:00:00Z' };
  return {
    key,
    id: jobId(key),
    task: 'sales-report',
    state: 'settled',
    attempt: 1,
    revision: 1,
    deliverBy: FIRE_TIME + 3_600,
    startedAt: '2026-11-23T09:00:01Z',
    finishedAt: '2026-11-23T09:00:02Z',
    durationMs: 640,
    outcome: 'success',
    metadata: {},
    resultState: 'stored',
    resultBytes: 11,
    content: { kind: 'text', text: '{"rows":20}' },
    resultExpiresAt: FIRE_TIME + 3_602,
    expiresAt: FIRE_TIME + 4_560,
    owner: 'owner-1',
    ...changes,
  };
}

/** Builds the same job while it runs, under a lease of two minutes. */
export function aRunningJob(changes: Partial<Job> = {}): Job {
  const { key, id, task, attempt, revision, deliverBy, startedAt, metadata, owner } = aJob();
  return {
    key,
    id,
    task,
    state: 'running',
    attempt,
    revision,
    deliverBy,
    ...(startedAt !== undefined && { startedAt }),
    metadata,
    ...(owner !== undefined && { owner }),
    leaseUntil: FIRE_TIME + 120,
    ...changes,
  };
}
