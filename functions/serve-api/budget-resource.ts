import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { Budget } from '#shared/domain/usage/budget.ts';
import { budgetFigures, inUnits } from '#shared/domain/usage/budget-figures.ts';
import type { BudgetCheck } from '#shared/domain/usage/check-budgets.ts';
import { describeCheck } from '#shared/domain/usage/describe-check.ts';
import type { Ledger } from '#shared/domain/usage/ledger.ts';
import type { Prices } from '#shared/domain/usage/prices.ts';

/**
 * Shows a budget as the API answers it.
 *
 * @param ledger - Absent where nothing was ever taken of it.
 * @param prices - Absent where the region's are not known; a budget in dollars then counts nothing.
 */
export function budgetResource(
  budget: Budget,
  ledger: Ledger | undefined,
  prices: Prices | undefined,
) {
  const taken = ledger?.[budget.measure] ?? 0;
  const { countedAt } = ledger ?? {};
  return {
    ...budgetFigures(budget, taken),
    isExceeded: taken > budget.limit,
    ...(budget.measure === 'microdollars' && !prices && { isPriced: false }),
    ...(countedAt !== undefined && { countedAt: toIso(countedAt) }),
  };
}

/** Shows how a schedule stands to a budget that it is in. */
export function checkResource({ budget, taken, adds, isExceeded }: BudgetCheck) {
  return { ...budgetFigures(budget, taken), adds: inUnits(budget, adds), isExceeded };
}

/** Warns of the budgets that a schedule passes, as a member of its answer; no member where it passes none. */
export function budgetWarnings(checks: readonly BudgetCheck[]) {
  const warnings = checks
    .filter(({ isExceeded }) => isExceeded)
    .map((check) => ({ pointer: '', code: 'budget.exceeded', detail: describeCheck(check) }));
  return warnings.length > 0 ? { warnings } : {};
}
