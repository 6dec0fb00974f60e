import type { StackRetention } from '#shared/contracts/retention.ts';
import { AlmanacError } from '#shared/domain/almanac-error.ts';
import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import type { CancelRequest } from '#shared/domain/job/cancel-request.ts';
import { fenceOf } from '#shared/domain/job/decide-claim.ts';
import { FOREIGN_LEASE_SECONDS } from '#shared/domain/job/foreign-lease.ts';
import type { Job } from '#shared/domain/job/job.ts';
import type { StartPolicy } from '#shared/domain/job/policy.ts';
import { requestError } from '#shared/domain/job/request-error.ts';
import type { Settlement } from '#shared/domain/job/settlement.ts';
import { resolveExpiry } from '#shared/domain/result/resolve-expiry.ts';
import type { JobReader, JobStore } from '#shared/ports/job-store.ts';
import type { ScheduleStore } from '#shared/ports/schedule-store.ts';
import { findJob } from './find-result.ts';
import { policyOf } from './policy-of.ts';
import type { TaskRegistry } from './task-registry.ts';

/** What cancelling needs. */
export interface CancelJobPorts {
  readonly jobs: Pick<JobReader, 'get'>;
  readonly jobWrites: Pick<JobStore, 'settle' | 'requestCancel'>;
  readonly schedules: Pick<ScheduleStore, 'read'>;
  readonly registry: TaskRegistry;
  readonly retention: StackRetention;
}

/** Each lost race means that the job has gone on by a step; an attempt that fails and is retried takes two. */
const MOST_ROUNDS = 5;

/**
 * Cancels a job. One that has not begun, or waits for its next attempt, is settled and never runs; on one that runs it is noted that it is
 * to end, which its task sees where it asks for it, and after which it is not retried.
 *
 * @returns The job as it is now: a request for one that is cancelled already, or to be cancelled, changes nothing.
 * @throws {AlmanacError} `job.not-found`; `job.settled` where it has ended otherwise; `store.unavailable`.
 */
export async function cancelJob(
  id: string,
  request: Pick<CancelRequest, 'by' | 'note'> & { readonly now: EpochSeconds },
  ports: CancelJobPorts,
): Promise<Job> {
  const { now, ...said } = request;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const job = await findJob(id, now, ports.jobs);
    if (job.outcome === 'cancelled' || job.cancelRequested !== undefined) return job;
    if (job.state === 'settled') throw settled(job);
    const cancelRequested = { at: toIso(now), ...said };
    const written =
      job.state === 'running'
        ? await ports.jobWrites.requestCancel(job.key, fenceOf(job), cancelRequested)
        : await ports.jobWrites.settle(job.key, fenceOf(job), {
            ...(await settlementOf(job, now, ports)),
            error: requestError('Cancelled', said),
          });
    if (written.kind === 'written') return (await ports.jobs.get(job.key)) ?? job;
  }
  throw new AlmanacError(
    'store.unavailable',
    `Expected to cancel \`${id}\` within ${MOST_ROUNDS} tries, got a change before each. Try again.`,
  );
}

/** The record is kept as long as that of any of the schedule's jobs, and longer than any start of it may still be under way. */
async function settlementOf(
  job: Job,
  now: EpochSeconds,
  ports: CancelJobPorts,
): Promise<Settlement> {
  const outcome = 'cancelled';
  const expiry = resolveExpiry({
    policy: await policyFor(job, ports),
    outcome,
    finishedAt: now,
    deliverBy: job.deliverBy,
    leaseSeconds: FOREIGN_LEASE_SECONDS,
  });
  return { outcome, finishedAt: now, expiry };
}

/** The row does not say by which policies its job was started: the schedule's present ones stand in, or the task's. */
async function policyFor(
  { key, task }: Job,
  { schedules, registry, retention }: CancelJobPorts,
): Promise<StartPolicy> {
  const { definition } = await schedules.read(key.scheduleId);
  return definition?.policy ?? policyOf({}, { task: registry.find(task), retention });
}

function settled({ id, outcome }: Job): AlmanacError {
  return new AlmanacError(
    'job.settled',
    `Expected \`${id}\` not to have ended, got the outcome \`${outcome}\`.`,
  );
}
