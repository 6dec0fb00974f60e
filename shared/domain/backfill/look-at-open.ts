import type { OpenFiring } from '#shared/domain/backfill/backfill.ts';
import { isSurelyKept, type PastFiring } from '#shared/domain/backfill/decide-firing.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { FOREIGN_LEASE_SECONDS } from '#shared/domain/job/foreign-lease.ts';
import type { StartPolicy } from '#shared/domain/job/policy.ts';

/** What has become of the jobs that a backfill has started. */
export interface OpenLook {
  /** They have not settled, or their start has yet to arrive. */
  readonly open: readonly OpenFiring[];
  /** Their start was lost: they have never run, and are started again. */
  readonly lost: readonly EpochSeconds[];
  /** Their start may have been lost, or their row have come and gone. */
  readonly unknown: number;
}

/**
 * Looks at what a backfill has started.
 *
 *     sentAt             deliverBy      + the longest run of a function that claims nothing
 *       |── may begin ──────|── may still run, without a row ──|── lost, while its row would still be there
 */
export function lookAtOpen(
  firings: readonly OpenFiring[],
  rows: ReadonlyMap<EpochSeconds, PastFiring['row']>,
  { policy, now }: { readonly policy: StartPolicy; readonly now: EpochSeconds },
): OpenLook {
  const unsettled = firings.filter(({ fireTime }) => rows.get(fireTime) !== 'settled');
  const isOver = ({ fireTime, deliverBy }: OpenFiring) =>
    rows.get(fireTime) === undefined && now > deliverBy + FOREIGN_LEASE_SECONDS;
  const over = unsettled.filter(isOver);
  const lost = over.filter(({ sentAt }) => isSurelyKept(sentAt, policy, now));
  return {
    open: unsettled.filter((firing) => !isOver(firing)),
    lost: lost.map(({ fireTime }) => fireTime),
    unknown: over.length - lost.length,
  };
}
