import type { Budget } from '#shared/domain/usage/budget.ts';
import { inDollars } from '#shared/domain/usage/describe-amount.ts';

/** A budget and what of it is taken, in the units that users know. */
export interface BudgetFigures {
  readonly scope: string;
  readonly measure: 'storedBytes' | 'dollarsPerMonth';
  readonly limit: number;
  readonly taken: number;
  readonly onExceeded: Budget['onExceeded'];
}

/** Says a budget and what of it is taken: bytes, or dollars in a month. */
export function budgetFigures(budget: Budget, taken: number): BudgetFigures {
  const { scope, measure, limit, onExceeded } = budget;
  return {
    scope,
    measure: measure === 'storedBytes' ? measure : 'dollarsPerMonth',
    limit: inUnits(budget, limit),
    taken: inUnits(budget, taken),
    onExceeded,
  };
}

/** Says an amount of a budget in its unit. */
export function inUnits({ measure }: Pick<Budget, 'measure'>, amount: number): number {
  return measure === 'storedBytes' ? amount : inDollars(amount);
}
