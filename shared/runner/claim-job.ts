import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { decideClaim } from '#shared/domain/job/decide-claim.ts';
import { leaseSecondsFor } from '#shared/domain/job/lease.ts';
import type { ClaimedJob } from '#shared/domain/job/settlement.ts';
import { deliverByOf, keyOfStart, type Start } from '#shared/domain/job/start.ts';
import type { Written } from '#shared/ports/job-store.ts';
import { type RunnerPorts, secondsNow } from '#shared/runner/runner-ports.ts';

/** What became of asking for a job. */
export type Claim =
  | { readonly kind: 'claimed'; readonly job: ClaimedJob }
  /** Another attempt, `attempt`, is taken to be alive until `until`. */
  | { readonly kind: 'held'; readonly attempt: number; readonly until: EpochSeconds }
  | { readonly kind: 'settled' }
  | { readonly kind: 'superseded' };

/** Each lost race means that another claimant has won one; more in a row are left to later starts. */
const MOST_RACES = 3;

/**
 * Claims a job for one attempt, at most one claimant at a time.
 *
 *    claim            lease ends              expiresAt (DynamoDB deletes within days)
 *      |── held ────────|── may be claimed again ──|
 *
 * @throws {AlmanacError} `store.unavailable`.
 */
export async function claimJob(
  start: Start,
  remainingMs: number,
  ports: Pick<RunnerPorts, 'jobs' | 'nowMs' | 'newOwner'>,
): Promise<Claim> {
  const wanted = wantedJob(start, remainingMs, ports);
  let job = wanted;
  let written: Written = await ports.jobs.create(job);
  for (let races = 0; written.kind === 'refused' && written.found; races += 1) {
    const decision = decideClaim(written.found, {
      owner: wanted.owner,
      attempt: start.attempt,
      now: wanted.startedAt,
    });
    if (decision.kind === 'won')
      return { kind: 'claimed', job: { ...wanted, attempt: decision.attempt } };
    if (decision.kind !== 'take-over') return decision;
    if (races === MOST_RACES) return { kind: 'superseded' };
    job = { ...wanted, attempt: decision.attempt };
    written = await ports.jobs.takeOver(job, decision.from);
  }
  // A row that vanishes between two writes has been taken by TTL: its job is long over.
  return written.kind === 'written' ? { kind: 'claimed', job } : { kind: 'settled' };
}

function wantedJob(
  start: Start,
  remainingMs: number,
  ports: Pick<RunnerPorts, 'nowMs' | 'newOwner'>,
): ClaimedJob {
  const startedAt = secondsNow(ports);
  return {
    key: keyOfStart(start),
    task: start.task,
    revision: start.revision,
    deliverBy: deliverByOf(start),
    metadata: start.metadata ?? {},
    attempt: start.attempt,
    owner: ports.newOwner(),
    startedAt,
    leaseUntil: startedAt + leaseSecondsFor(remainingMs),
  };
}
