import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import type { AlmanacEvent } from '#shared/domain/event/almanac-event.ts';
import { budgetFigures } from '#shared/domain/usage/budget-figures.ts';
import { isOverdrawn, type Ledger } from '#shared/domain/usage/ledger.ts';

/**
 * Tells that schedules have come to more than their budget allows: because one was written, because results have grown, or because the
 * budget was lowered.
 *
 * @param before - The ledger that was written over, if any.
 * @param at - When it was written.
 * @returns `undefined` where it was exceeded before, or is not.
 */
export function budgetExceeded(
  before: Ledger | undefined,
  after: Ledger,
  at: EpochSeconds,
): AlmanacEvent | undefined {
  const { budget, scope, version } = after;
  if (!budget || !isOverdrawn(after) || (before && isOverdrawn(before))) return undefined;
  return {
    type: 'budget.exceeded',
    id: `budget/${scope}/exceeded-${version}`,
    subject: scope,
    time: toIso(at),
    data: { ...budgetFigures(budget, after[budget.measure]) },
  };
}
