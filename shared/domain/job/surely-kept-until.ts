import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { CLOCK_MARGIN_SECONDS } from '#shared/domain/job/decide-admission.ts';
import { fireTimeOf } from '#shared/domain/job/job-key.ts';
import { LONGEST_LEASE_SECONDS } from '#shared/domain/job/lease.ts';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import { deliverByOf, keyOfStart, type Start } from '#shared/domain/job/start.ts';
import { resolveExpiry } from '#shared/domain/result/resolve-expiry.ts';

/**
 * Finds until when a job that has begun surely has a row, however soon and however it ended.
 *
 *    fireTime              deliverBy + lease       fireTime + the shortest time of any outcome
 *       │── settled at once ──│─────────────────────────│── may have come and gone
 *
 * It is the later of the two, by the policy of the start. Until then a job without a row has never begun.
 */
export function surelyKeptUntil(start: Start): EpochSeconds {
  const finishedAt = fireTimeOf(keyOfStart(start));
  const deliverBy = deliverByOf(start);
  const { policy } = start;
  const leaseSeconds = LONGEST_LEASE_SECONDS;
  const expiries = OUTCOMES.map((outcome) => {
    const expiry = resolveExpiry({ policy, outcome, finishedAt, deliverBy, leaseSeconds });
    // A job that is held longer may be displaced at any time.
    return (expiry.ownExpiry ?? expiry).expiresAt;
  });
  return Math.min(...expiries) - CLOCK_MARGIN_SECONDS;
}
