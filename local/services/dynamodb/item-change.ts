import type { Item } from '#local/services/dynamodb/attribute-value.ts';
import { type IndexChange, indexChanges } from '#local/services/dynamodb/index-changes.ts';
import type { Table } from '#local/services/dynamodb/table.ts';

/** One write of one item, understood but not yet made. */
export interface ItemChange {
  readonly table: Table;
  /** dynalite's key of the item. */
  readonly key: string;
  readonly oldItem: Item | undefined;
  readonly newItem: Item | undefined;
  readonly indexChanges: readonly IndexChange[];
}

/** Works out what a write means for the table's indexes. */
export function itemChange(change: Omit<ItemChange, 'indexChanges'>): ItemChange {
  return {
    ...change,
    indexChanges: indexChanges(change.table.schema, change.oldItem, change.newItem),
  };
}
