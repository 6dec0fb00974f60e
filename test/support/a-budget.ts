import type { Budget } from '#shared/domain/usage/budget.ts';

/** Builds a budget of 100,000 bytes for the whole stack, which refuses what would pass it. */
export function aBudget(changes: Partial<Budget> = {}): Budget {
  return {
    scope: 'stack',
    measure: 'storedBytes',
    limit: 100_000,
    onExceeded: 'refuse',
    ...changes,
  };
}
