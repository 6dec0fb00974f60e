import type { Item } from '#local/services/dynamodb/attribute-value.ts';
import {
  type IndexChange,
  indexWriteUnits,
  writeUnitsOf,
} from '#local/services/dynamodb/index-changes.ts';

/** How much of the capacity a caller asks to be told. */
export type CapacityDetail = 'INDEXES' | 'TOTAL' | 'NONE';

/** The units that a request used of one table. */
export interface UsedCapacity {
  readonly tableName: string;
  /** Of the table itself. */
  readonly tableUnits: number;
  readonly indexes: readonly { name: string; isGlobal: boolean; units: number }[];
}

/** A prepared and a committed write: what each action of a transaction costs. */
export const TRANSACTION_FACTOR = 2;

/**
 * Counts the write units of one write, its index entries included.
 *
 * The table's share follows the larger of the item before and after; a write that changes nothing still costs it.
 */
export function writeCapacity(
  write: {
    readonly tableName: string;
    readonly oldItem: Item | undefined;
    readonly newItem: Item | undefined;
    readonly indexChanges: readonly IndexChange[];
  },
  factor: 1 | typeof TRANSACTION_FACTOR,
): UsedCapacity {
  return {
    tableName: write.tableName,
    tableUnits: factor * Math.max(writeUnitsOf(write.oldItem), writeUnitsOf(write.newItem)),
    indexes: write.indexChanges.map((change) => ({
      name: change.index.IndexName,
      isGlobal: change.isGlobal,
      units: factor * indexWriteUnits(change),
    })),
  };
}

/** Adds up all the units of one table, indexes included. */
export function totalUnits(used: UsedCapacity): number {
  return used.indexes.reduce((total, index) => total + index.units, used.tableUnits);
}

/** Adds up several writes, table by table. */
export function byTable(all: readonly UsedCapacity[]): readonly UsedCapacity[] {
  const tables = new Map<string, UsedCapacity>();
  for (const used of all) {
    const before = tables.get(used.tableName);
    tables.set(used.tableName, {
      tableName: used.tableName,
      tableUnits: (before?.tableUnits ?? 0) + used.tableUnits,
      indexes: [...(before?.indexes ?? []), ...used.indexes],
    });
  }
  return [...tables.values()];
}

/**
 * Words the used capacity as `ConsumedCapacity`.
 *
 * @param unitsName - Transactions also say which kind of units it was, as `WriteCapacityUnits`.
 */
export function consumedCapacity(
  used: UsedCapacity,
  detail: CapacityDetail,
  unitsName?: 'ReadCapacityUnits' | 'WriteCapacityUnits',
): object {
  const worded = (units: number) => ({
    CapacityUnits: units,
    ...(unitsName === undefined ? {} : { [unitsName]: units }),
  });
  const total = { TableName: used.tableName, ...worded(totalUnits(used)) };
  if (detail !== 'INDEXES') return total;
  const indexes = (isGlobal: boolean) => {
    const units = new Map<string, number>();
    for (const index of used.indexes)
      if (index.isGlobal === isGlobal)
        units.set(index.name, (units.get(index.name) ?? 0) + index.units);
    return [...units].map(([name, sum]) => [name, worded(sum)] as const);
  };
  const [local, global] = [indexes(false), indexes(true)];
  return {
    ...total,
    Table: worded(used.tableUnits),
    ...(local.length > 0 ? { LocalSecondaryIndexes: Object.fromEntries(local) } : {}),
    ...(global.length > 0 ? { GlobalSecondaryIndexes: Object.fromEntries(global) } : {}),
  };
}
