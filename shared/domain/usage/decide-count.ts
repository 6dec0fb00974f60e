import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { fnv1a } from '#shared/domain/fnv1a.ts';
import { DAY_SECONDS } from '#shared/domain/triggers/civil-date.ts';
import type { Budget } from '#shared/domain/usage/budget.ts';

/** How far the counting of all schedules into the ledgers has come. */
export interface CountPlace {
  /** When the round began. */
  readonly roundAt: EpochSeconds;
  /** Tells which budgets it counts for. */
  readonly mark: number;
  /** The schedule to go on after; absent where the round has ended. */
  readonly after?: string;
}

/** Whether there is something to count: a round that goes on from where it was left, or from the beginning. */
export type CountDecision =
  | { readonly kind: 'rest' }
  | { readonly kind: 'count'; readonly roundAt: EpochSeconds; readonly after?: string };

/**
 * Decides whether schedules are counted now: once a day, and at once where the budgets are other ones than those of the last round.
 *
 * @param place - As the last sweep left it; absent before the first.
 */
export function decideCount(
  place: CountPlace | undefined,
  mark: number,
  now: EpochSeconds,
): CountDecision {
  if (place?.mark !== mark) return { kind: 'count', roundAt: now };
  const { roundAt, after } = place;
  if (after !== undefined) return { kind: 'count', roundAt, after };
  return now >= roundAt + DAY_SECONDS ? { kind: 'count', roundAt: now } : { kind: 'rest' };
}

/** Makes a number that is another for other budgets. */
export function markOf(budgets: readonly Budget[]): number {
  return fnv1a(
    JSON.stringify(
      budgets.map(({ scope, measure, limit, onExceeded }) => [scope, measure, limit, onExceeded]),
    ),
  );
}
