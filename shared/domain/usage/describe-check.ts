import { STACK_SCOPE } from '#shared/domain/usage/budget.ts';
import type { BudgetCheck } from '#shared/domain/usage/check-budgets.ts';
import { describeAmount } from '#shared/domain/usage/describe-amount.ts';

/** Says how a schedule passes a budget, and what can be done about it. */
export function describeCheck({ budget, taken, adds }: BudgetCheck): string {
  const { scope, measure, limit } = budget;
  const whose =
    scope === STACK_SCOPE ? 'the schedules of the stack' : `the schedules in \`${scope}\``;
  const amount = (of: number) => describeAmount(measure, of);
  return (
    `Expected ${whose} to come to at most ${amount(limit)} at full, got ${amount(taken)} taken and ${amount(adds)} more. ` +
    'Keep results for a shorter time, keep less of them, run it less often, make room in another schedule, or raise the budget.'
  );
}
