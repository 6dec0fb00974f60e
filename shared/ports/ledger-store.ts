import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { ReadCost } from '#shared/domain/read-cost.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import type { Budget, Share } from '#shared/domain/usage/budget.ts';
import type { CountPlace } from '#shared/domain/usage/decide-count.ts';
import type { Ledger } from '#shared/domain/usage/ledger.ts';
import type { LedgerMove } from '#shared/domain/usage/ledger-moves.ts';

/** What schedules have taken of budgets. Every method throws {AlmanacError} `store.unavailable`. */
export interface LedgerReader {
  /** Reads all ledgers strongly; those of budgets that were taken out of the configuration are among them. */
  read(): Promise<{ readonly ledgers: readonly Ledger[]; readonly cost: ReadCost }>;
}

/** Counts schedules into the ledgers anew, whatever was written meanwhile. Every method throws {AlmanacError} `store.unavailable`. */
export interface LedgerCounter {
  /** @returns `undefined` before the first round. */
  readPlace(): Promise<CountPlace | undefined>;
  writePlace(place: CountPlace): Promise<void>;
  /**
   * Writes a share, and moves the ledgers by what it differs, whether or not they have room.
   *
   * @param definition - As it was read.
   * @returns `false` where it, or its share, was written since.
   */
  reweigh(
    definition: ScheduleDefinition,
    share: Share,
    moves: readonly LedgerMove[],
  ): Promise<boolean>;
  /**
   * Notes in a budget's ledger that all schedules are counted in, and how the budget stands.
   *
   * @returns The ledger as it is then.
   */
  noteCounted(budget: Budget, at: EpochSeconds): Promise<Ledger>;
}
