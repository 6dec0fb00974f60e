import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Budget, Weight } from '#shared/domain/usage/budget.ts';

/** Where ledgers lie among schedules: none can have this id. */
export const LEDGERS = '#budgets';

/** What the schedules of one scope have taken together: always the sum of the shares in their definitions. */
export interface Ledger extends Weight {
  readonly scope: string;
  /** Goes on by one with each write, and so tells two events of one ledger from each other. */
  readonly version: number;
  /** As it stood at the last write; absent where no budget is for this scope. */
  readonly budget?: Budget;
  /** When every schedule was last counted in; absent while a new budget has yet to be. */
  readonly countedAt?: EpochSeconds;
}

/** Tells whether more has been taken than the ledger's budget allows. */
export function isOverdrawn(ledger: Ledger): boolean {
  const { budget } = ledger;
  return budget !== undefined && ledger[budget.measure] > budget.limit;
}
