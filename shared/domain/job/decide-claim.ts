import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Fence, JobStanding } from '#shared/domain/job/settlement.ts';

/** A lease that ended is honoured this much longer, in case the owner's clock is behind. */
export const LEASE_GRACE_SECONDS = 10;

/** What a start may do with a job that has a row. */
export type ClaimDecision =
  /** The row is ours already: the client tried again after its first try had gone through. */
  | { readonly kind: 'won'; readonly attempt: number }
  /** Claim it, while it still stands as `from` says. */
  | { readonly kind: 'take-over'; readonly attempt: number; readonly from: Fence }
  /** Someone else runs it, and is taken to be alive until the given instant, the grace included; what is past is not ours to decide. */
  | { readonly kind: 'held'; readonly attempt: number; readonly until: EpochSeconds }
  | { readonly kind: 'settled' }
  /** The job waits for another attempt than the start names: the start is an old duplicate. */
  | { readonly kind: 'superseded' };

/** Who asks for a job, for which attempt, and when. */
export interface Claimant {
  readonly owner: string;
  /** The attempt that the start names, from 1. */
  readonly attempt: number;
  readonly now: EpochSeconds;
}

/**
 * Decides whether a job whose row was found may be claimed.
 *
 * Only the end of a lease proves that an owner is dead; then a start may take the job that names the attempt after the dead one's, as
 * a retry has been decided then. Any other start leaves a dead attempt to the failure destination and the sweep: they know the
 * cause and the policy, and look first whether the attempt's end waits in `unsettled/`. A settled row is never claimed, expired or not.
 */
export function decideClaim(row: JobStanding, claimant: Claimant): ClaimDecision {
  switch (row.state) {
    case 'settled':
      return { kind: 'settled' };
    case 'running':
      return decideRunning(row, claimant);
    case 'queued':
    case 'retrying':
      return claimant.attempt === row.attempt + 1
        ? { kind: 'take-over', attempt: claimant.attempt, from: fenceOf(row) }
        : { kind: 'superseded' };
  }
}

/** Cuts a standing down to what a write is made conditional on. */
export function fenceOf({ state, attempt, owner }: JobStanding): Fence {
  return { state, attempt, ...(owner !== undefined && { owner }) };
}

function decideRunning(row: JobStanding, { owner, attempt, now }: Claimant): ClaimDecision {
  if (row.owner === owner) return { kind: 'won', attempt: row.attempt };
  const until = (row.leaseUntil ?? 0) + LEASE_GRACE_SECONDS;
  return until <= now && attempt === row.attempt + 1
    ? { kind: 'take-over', attempt, from: fenceOf(row) }
    : { kind: 'held', attempt: row.attempt, until };
}
