import type { Budget } from '#shared/domain/usage/budget.ts';
import type { Ledger } from '#shared/domain/usage/ledger.ts';
import type { LedgerMove } from '#shared/domain/usage/ledger-moves.ts';

/** How a budget stands to a schedule that is about to be written. */
export interface BudgetCheck {
  readonly budget: Budget;
  /** By all schedules in its scope, this one as it was before included. */
  readonly taken: number;
  /** What the write takes more; less than 0 where it gives back. */
  readonly adds: number;
  /** Whether the write would take more and pass the limit, or take more beyond it. */
  readonly isExceeded: boolean;
}

/** Holds the moves of a write against the ledgers: one check for each budget that the schedule is in. */
export function checkBudgets(
  budgets: readonly Budget[],
  moves: readonly LedgerMove[],
  ledgers: readonly Ledger[],
): readonly BudgetCheck[] {
  return budgets.map((budget) => {
    const { scope, measure, limit } = budget;
    const taken = ledgers.find((ledger) => ledger.scope === scope)?.[measure] ?? 0;
    const adds = moves.find((move) => move.scope === scope)?.by[measure] ?? 0;
    return { budget, taken, adds, isExceeded: adds > 0 && taken + adds > limit };
  });
}
