import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { decideClaim } from '#shared/domain/job/decide-claim.ts';
import { withEndedAttempt } from '#shared/domain/job/ended-attempt.ts';
import { leaseSecondsFor } from '#shared/domain/job/lease.ts';
import type { ClaimedJob, JobStanding } from '#shared/domain/job/settlement.ts';
import { factsOf, type Start } from '#shared/domain/job/start.ts';
import type { Written } from '#shared/ports/job-store.ts';
import { type RunnerPorts, secondsNow } from '#shared/runner/runner-ports.ts';

/** What became of asking for a job. */
export type Claim = { readonly kind: 'claimed'; readonly job: ClaimedJob } | Unclaimed;

/** Why a start does not get its job. */
export type Unclaimed =
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
    if (decision.kind !== 'won' && decision.kind !== 'take-over') return decision;
    job = { ...wanted, attempt: decision.attempt, ...attemptsBefore(written.found, wanted) };
    if (decision.kind === 'won') return { kind: 'claimed', job };
    if (races === MOST_RACES) return { kind: 'superseded' };
    written = await ports.jobs.takeOver(job, decision.from);
  }
  // A row that vanishes between two writes has been taken by TTL: its job is long over.
  return written.kind === 'written' ? { kind: 'claimed', job } : { kind: 'settled' };
}

const LEASE_ENDED = {
  name: 'LeaseEnded',
  message: 'The attempt ended without a word, and the lease of the job with it.',
};

/** A row that another owner left running tells of an attempt that died. */
function attemptsBefore(
  { state, attempt, owner, startedAt, attempts }: JobStanding,
  wanted: ClaimedJob,
): Pick<ClaimedJob, 'attempts'> {
  if (state !== 'running' || owner === wanted.owner) return attempts ? { attempts } : {};
  return {
    attempts: withEndedAttempt(attempts ?? [], {
      attempt,
      outcome: 'abandoned',
      ...(startedAt !== undefined && { startedAt }),
      error: LEASE_ENDED,
    }),
  };
}

function wantedJob(
  start: Start,
  remainingMs: number,
  ports: Pick<RunnerPorts, 'nowMs' | 'newOwner'>,
): ClaimedJob {
  const startedAt = secondsNow(ports);
  return {
    ...factsOf(start),
    attempt: start.attempt,
    owner: ports.newOwner(),
    startedAt,
    leaseUntil: startedAt + leaseSecondsFor(remainingMs),
  };
}
