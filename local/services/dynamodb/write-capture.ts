import type { DynaliteStore } from 'dynalite/db/index.js';
import type { Item } from '#local/services/dynamodb/attribute-value.ts';
import {
  dynaliteStore,
  type ItemAccess,
  readingOnly,
  type StoreParts,
} from '#local/services/dynamodb/dynalite-store.ts';
import { type ItemChange, itemChange } from '#local/services/dynamodb/item-change.ts';

/** A store that keeps what an action writes instead of writing it, so that all of it can be made in one batch. */
export interface WriteCapture {
  readonly store: DynaliteStore;
  /** The item that the action met, as far as it got. */
  met(): Item | undefined;
  /** What the actions wanted written, in the order in which they first read. */
  changes(): readonly ItemChange[];
}

interface Touched {
  readonly tableName: string;
  readonly key: string;
  readonly oldItem: Item | undefined;
  newItem: Item | undefined;
}

/** Makes an empty capture; only valid while the writer's lock is held. */
export function captureWrites(parts: StoreParts): WriteCapture {
  const touched = new Map<string, Touched>();
  const stored = readingOnly(parts.database);
  const write = (tableName: string, key: string, item: Item | undefined) => {
    const touch = touched.get(`${tableName}!${key}`);
    if (!touch) throw new Error(`Expected ${key} of ${tableName} to be read before it is written.`);
    touch.newItem = item;
  };
  const access: ItemAccess = {
    get: async (tableName, key) => {
      const oldItem = await stored.get(tableName, key);
      touched.set(`${tableName}!${key}`, { tableName, key, oldItem, newItem: oldItem });
      return oldItem;
    },
    put: write,
    del: (tableName, key) => write(tableName, key, undefined),
  };
  return {
    store: withoutIndexes(dynaliteStore(parts, access)),
    met: () => [...touched.values()].at(-1)?.oldItem,
    changes: () =>
      [...touched.values()].map(({ tableName, ...touch }) =>
        itemChange({ table: parts.tables.get(tableName), ...touch }),
      ),
  };
}

/** Indexes are kept by the commit; dynalite would also stumble over values from before an index was added. */
function withoutIndexes(store: DynaliteStore): DynaliteStore {
  return {
    ...store,
    getTable: (name, callback) =>
      store.getTable(name, (error, schema) =>
        callback(
          error,
          schema && { ...schema, GlobalSecondaryIndexes: [], LocalSecondaryIndexes: [] },
        ),
      ),
  };
}
