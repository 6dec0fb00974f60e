import type { JobError } from '#shared/domain/job/job.ts';
import { LONGEST_LEASE_SECONDS } from '#shared/domain/job/lease.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import type { Settlement } from '#shared/domain/job/settlement.ts';
import { deliverByOf, factsOf, type Start } from '#shared/domain/job/start.ts';
import { resolveExpiry } from '#shared/domain/result/resolve-expiry.ts';
import type { JobStore, Written } from '#shared/ports/job-store.ts';
import type { RunnerPorts } from '#shared/runner/runner-ports.ts';

/** Why a start does not run its job. */
export interface UnrunEnd {
  readonly outcome: Outcome;
  readonly error: JobError;
}

/**
 * Settles a job that has no row, as one that is not run.
 *
 * @returns `refused` where someone else has begun or settled it; that stands.
 * @throws {AlmanacError} `store.unavailable`.
 */
export function createUnrun(
  start: Start,
  { outcome, error }: UnrunEnd,
  ports: { readonly jobs: Pick<JobStore, 'createSettled'>; readonly nowMs: () => number },
): Promise<Written> {
  return ports.jobs.createSettled(factsOf(start), {
    ...unrunSettlement(start, outcome, ports),
    error,
  });
}

/** Says how a job ended that no attempt runs any more, and how long its record is kept. */
export function unrunSettlement(
  start: Start,
  outcome: Outcome,
  { nowMs }: Pick<RunnerPorts, 'nowMs'>,
): Settlement {
  const finishedAt = Math.ceil(nowMs() / 1000);
  const expiry = resolveExpiry({
    policy: start.policy,
    outcome,
    finishedAt,
    deliverBy: deliverByOf(start),
    leaseSeconds: LONGEST_LEASE_SECONDS,
  });
  return { outcome, finishedAt, expiry };
}
