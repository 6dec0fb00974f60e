import { fenceOf } from '#shared/domain/job/decide-claim.ts';
import type { JobError } from '#shared/domain/job/job.ts';
import { LONGEST_LEASE_SECONDS } from '#shared/domain/job/lease.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import type { JobStanding, Settlement } from '#shared/domain/job/settlement.ts';
import { deliverByOf, keyOfStart, type Start } from '#shared/domain/job/start.ts';
import { resolveExpiry } from '#shared/domain/result/resolve-expiry.ts';
import type { RunnerPorts } from '#shared/runner/runner-ports.ts';

/** Why a start does not run its job. */
export interface UnrunEnd {
  readonly outcome: Outcome;
  readonly error: JobError;
}

/**
 * Settles a job that this start does not run, unless someone else has begun or settled it.
 *
 * A job that waits for just this start is settled too: a queued one as given, one that waits for a retry with the end of the
 * attempt before.
 *
 * @returns The outcome that was written, or `undefined` where nothing was.
 * @throws {AlmanacError} `store.unavailable`.
 */
export async function settleUnrun(
  start: Start,
  end: UnrunEnd,
  ports: Pick<RunnerPorts, 'jobs' | 'nowMs'>,
): Promise<Outcome | undefined> {
  const key = keyOfStart(start);
  const deliverBy = deliverByOf(start);
  const { task, revision, metadata = {} } = start;
  const settlement = settlementOf(start, end.outcome, ports);
  const written = await ports.jobs.createSettled(
    { key, task, revision, deliverBy, metadata },
    { ...settlement, error: end.error },
  );
  if (written.kind === 'written') return end.outcome;
  if (!written.found || !isWaitingFor(written.found, start)) return undefined;
  const { lastOutcome } = written.found;
  const settled = await ports.jobs.settle(
    key,
    fenceOf(written.found),
    // The row has the error of the attempt before.
    lastOutcome ? settlementOf(start, lastOutcome, ports) : { ...settlement, error: end.error },
  );
  return settled.kind === 'written' ? (lastOutcome ?? end.outcome) : undefined;
}

function isWaitingFor(row: JobStanding, { attempt }: Start): boolean {
  return (row.state === 'queued' || row.state === 'retrying') && attempt === row.attempt + 1;
}

function settlementOf(
  start: Start,
  outcome: Outcome,
  ports: Pick<RunnerPorts, 'nowMs'>,
): Settlement {
  const finishedAt = Math.ceil(ports.nowMs() / 1000);
  const expiry = resolveExpiry({
    policy: start.policy,
    outcome,
    finishedAt,
    deliverBy: deliverByOf(start),
    leaseSeconds: LONGEST_LEASE_SECONDS,
  });
  return { outcome, finishedAt, expiry };
}
