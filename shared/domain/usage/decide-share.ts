import {
  type Budget,
  budgetsOver,
  MEASURES,
  type Share,
  type Weight,
} from '#shared/domain/usage/budget.ts';

/** What is written of a share that stands otherwise than it should. */
export type ShareDecision =
  | { readonly kind: 'as-it-is' }
  | { readonly kind: 'changed'; readonly share: Share };

/** A weight that has moved by less than this part is not worth a write: each is billed by the size of the whole definition. */
const WORTH_WRITING = 0.01;

/**
 * Decides what becomes of a schedule's share when it is counted anew.
 *
 * A share is emptied and never taken out, so that its version tells each write of it from every other.
 *
 * @param before - As it stands in the definition.
 * @param weight - As it is known by now.
 */
export function decideShare(
  before: Share | undefined,
  weight: Weight,
  scopes: readonly string[],
): ShareDecision {
  const known = before?.scopes ?? [];
  const isSameScopes =
    known.length === scopes.length && scopes.every((scope) => known.includes(scope));
  if (isSameScopes && (scopes.length === 0 || !hasMoved(before, weight)))
    return { kind: 'as-it-is' };
  return { kind: 'changed', share: nextShare(before, weight, scopes) };
}

/** Makes the share that is written over another. */
export function nextShare(
  before: Share | undefined,
  { storedBytes, microdollars }: Weight,
  scopes: readonly string[],
): Share {
  return { storedBytes, microdollars, scopes, version: (before?.version ?? 0) + 1 };
}

/** Names the scopes of the budgets that a schedule is in. */
export function scopesOver(
  metadata: Readonly<Record<string, unknown>>,
  budgets: readonly Budget[],
): readonly string[] {
  return budgetsOver(metadata, budgets).map(({ scope }) => scope);
}

function hasMoved(before: Share | undefined, weight: Weight): boolean {
  return MEASURES.some((measure) => {
    const known = before?.[measure] ?? 0;
    return Math.abs(weight[measure] - known) > known * WORTH_WRITING;
  });
}
