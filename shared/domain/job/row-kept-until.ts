import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { CLOCK_MARGIN_SECONDS } from '#shared/domain/job/decide-admission.ts';
import { LONGEST_LEASE_SECONDS } from '#shared/domain/job/lease.ts';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import type { StartPolicy } from '#shared/domain/job/policy.ts';
import { resolveExpiry } from '#shared/domain/result/resolve-expiry.ts';

/**
 * Finds until when a job that began at an instant, or later, surely has a row, however soon and however it ended.
 *
 *    begun                 deliverBy + lease       begun + the shortest time of any outcome
 *       │── settled at once ──│─────────────────────────│── may have come and gone
 *
 * It is the later of the two. Until then a job without a row has not begun.
 */
export function rowKeptUntil(job: {
  readonly begun: EpochSeconds;
  readonly deliverBy: EpochSeconds;
  readonly policy: StartPolicy;
}): EpochSeconds {
  const { begun: finishedAt, deliverBy, policy } = job;
  const leaseSeconds = LONGEST_LEASE_SECONDS;
  const expiries = OUTCOMES.map((outcome) => {
    const expiry = resolveExpiry({ policy, outcome, finishedAt, deliverBy, leaseSeconds });
    // A job that is held longer may be displaced at any time.
    return (expiry.ownExpiry ?? expiry).expiresAt;
  });
  return Math.min(...expiries) - CLOCK_MARGIN_SECONDS;
}
