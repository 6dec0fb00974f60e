import type { DynaliteStore } from 'dynalite/db/index.js';
import type { AttributeValue, Item } from '#local/services/dynamodb/attribute-value.ts';
import { toServiceFault } from '#local/services/dynamodb/dynalite-fault.ts';

/** What dynalite's actions answer with; each has some of these. */
export interface ActionOutput {
  Attributes?: Item;
  Item?: Item;
  Items?: readonly Item[];
  Count?: number;
  ScannedCount?: number;
  LastEvaluatedKey?: Record<string, AttributeValue>;
  Responses?: Record<string, readonly Item[]>;
  UnprocessedKeys?: object;
  UnprocessedItems?: object;
  ConsumedCapacity?: { CapacityUnits: number; Table?: object };
}

/** One of dynalite's actions. */
export type Action = (
  store: DynaliteStore,
  data: object,
  callback: (error: unknown, output?: ActionOutput) => void,
) => void;

/**
 * Runs one of dynalite's actions.
 *
 * @throws {ServiceFault} for what the action refuses.
 */
export function runAction(
  action: Action,
  store: DynaliteStore,
  data: object,
): Promise<ActionOutput> {
  return new Promise((resolve, reject) => {
    action(store, data, (error, output) => {
      if (error) reject(toServiceFault(error));
      else resolve(output ?? {});
    });
  });
}
