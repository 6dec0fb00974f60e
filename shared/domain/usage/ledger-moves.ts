import { type Budget, MEASURES, type Share, type Weight } from '#shared/domain/usage/budget.ts';

/** What a write of a schedule adds to one ledger, or takes from it. */
export interface LedgerMove {
  readonly scope: string;
  readonly by: Weight;
  /** Absent where the stack has no budget for this scope any more: the ledger goes on being the sum that it is. */
  readonly budget?: Budget;
}

const NOTHING: Weight = { storedBytes: 0, microdollars: 0 };

/**
 * Works out how ledgers move when a schedule's share becomes another; none where it stays what it is.
 *
 *     share before   stack 40   tag:team:sales 40
 *     share after    stack 50                       tag:team:ops 50
 *     moves          stack +10  tag:team:sales −40  tag:team:ops +50
 */
export function ledgerMoves(
  before: Share | undefined,
  after: Share | undefined,
  budgets: readonly Budget[],
): readonly LedgerMove[] {
  const scopes = new Set([...(before?.scopes ?? []), ...(after?.scopes ?? [])]);
  return [...scopes].flatMap((scope) => {
    const by = difference(inScope(before, scope), inScope(after, scope));
    const budget = budgets.find((one) => one.scope === scope);
    const isMove = MEASURES.some((measure) => by[measure] !== 0);
    return isMove ? [{ scope, by, ...(budget && { budget }) }] : [];
  });
}

/**
 * Tells what may have been taken at the most for a move to go through.
 *
 * @returns `undefined` where it goes through in any case: what takes nothing more is never refused.
 */
export function roomFor({ by, budget }: LedgerMove): number | undefined {
  if (budget?.onExceeded !== 'refuse' || by[budget.measure] <= 0) return undefined;
  return budget.limit - by[budget.measure];
}

function inScope(share: Share | undefined, scope: string): Weight {
  return share?.scopes.includes(scope) ? share : NOTHING;
}

function difference(before: Weight, after: Weight): Weight {
  return {
    storedBytes: after.storedBytes - before.storedBytes,
    microdollars: after.microdollars - before.microdollars,
  };
}
