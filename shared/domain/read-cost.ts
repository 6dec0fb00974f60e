/** What reading from DynamoDB came to. */
export interface ReadCost {
  readonly requests: number;
  /** Items that were looked at, those that a filter left out included: they are paid for all the same. */
  readonly itemsRead: number;
  /** Read units as DynamoDB bills them: a half for each begun 4 KB of a read that may be a moment behind, one for a strong read. */
  readonly readUnits: number;
}

/** Nothing was read. */
export const NO_COST: ReadCost = { requests: 0, itemsRead: 0, readUnits: 0 };

/** Adds up what several reads came to. */
export function addCosts(costs: readonly ReadCost[]): ReadCost {
  return costs.reduce(
    (sum, cost) => ({
      requests: sum.requests + cost.requests,
      itemsRead: sum.itemsRead + cost.itemsRead,
      readUnits: sum.readUnits + cost.readUnits,
    }),
    NO_COST,
  );
}
