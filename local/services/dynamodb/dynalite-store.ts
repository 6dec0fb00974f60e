import { Readable } from 'node:stream';
import type { DynaliteStore, ItemDb, KeyRange } from 'dynalite/db/index.js';
import type { Place } from '#local/services/dynamodb/arns.ts';
import type { Item } from '#local/services/dynamodb/attribute-value.ts';
import type { Database } from '#local/services/dynamodb/database.ts';
import { entryKey } from '#local/services/dynamodb/index-changes.ts';
import { entriesPrefix, itemsPrefix, rangeOf } from '#local/services/dynamodb/keys.ts';
import type { SecondaryIndex, TableSchema } from '#local/services/dynamodb/table.ts';
import { type TableCatalogue, tableNotFound } from '#local/services/dynamodb/table-catalogue.ts';

/** Largest item, in bytes. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
export const LARGEST_ITEM_BYTES = 409_600;

/** What a store for dynalite's actions is made of. */
export interface StoreParts {
  readonly place: Place;
  readonly database: Database;
  readonly tables: TableCatalogue;
}

/** How a store reads and writes single items. */
export interface ItemAccess {
  get(tableName: string, key: string): Promise<Item | undefined>;
  put(tableName: string, key: string, item: Item): void;
  del(tableName: string, key: string): void;
}

/**
 * Makes a store as dynalite's actions expect it, over our database.
 *
 * It takes no locks: whoever writes holds the writer's.
 *
 * @param startKey - The `ExclusiveStartKey` of the request. dynalite begins an index after its own form of the entry's
 *   key; ours is longer, so the range is set right here.
 */
export function dynaliteStore(
  parts: StoreParts,
  access: ItemAccess,
  startKey?: Item,
): DynaliteStore {
  const { place, database, tables } = parts;
  const itemDb = (tableName: string): ItemDb => ({
    get: (key, callback) =>
      void access
        .get(tableName, key)
        .then((item) => callback(null, item))
        .catch(callback),
    put: (key, item, callback) => {
      access.put(tableName, key, item);
      callback(null);
    },
    del: (key, callback) => {
      access.del(tableName, key);
      callback(null);
    },
    lock: (_key, run) => run((callback) => callback),
    createValueStream: (range) => itemStream(database, itemsPrefix(tableName), range),
  });
  return {
    options: { maxItemSize: LARGEST_ITEM_BYTES },
    tableDb: { awsAccountId: place.account, awsRegion: place.region },
    getTable: (name, callback) => {
      const table = tables.find(name);
      if (table) callback(null, table.schema);
      else callback(tableNotFound());
    },
    getItemDb: itemDb,
    getIndexDb: (_kind, tableName, indexName) => ({
      ...itemDb(tableName),
      createValueStream: (range) =>
        itemStream(
          database,
          entriesPrefix(tableName, indexName),
          startingAfter(tables.get(tableName).schema, { indexName, startKey, range }),
        ),
    }),
  };
}

/** Reads items straight from the database, and refuses to write. */
export function readingOnly(database: Database): ItemAccess {
  const refuse = () => {
    throw new Error('Expected a read to write nothing.');
  };
  return {
    get: async (tableName, key) => {
      const text = await database.get(itemsPrefix(tableName) + key);
      return text === undefined ? undefined : parseItem(text);
    },
    put: refuse,
    del: refuse,
  };
}

/** Reads an item that this service itself has written. */
export function parseItem(text: string): Item {
  return JSON.parse(text);
}

function startingAfter(
  schema: TableSchema,
  read: { indexName: string; startKey: Item | undefined; range: KeyRange },
): KeyRange {
  const { indexName, startKey, range } = read;
  const index = indexNamed(schema, indexName);
  if (startKey === undefined || index === undefined) return range;
  const key = entryKey(startKey, schema, index);
  return range.reverse ? { ...range, lt: key } : { ...range, gt: key };
}

function indexNamed(schema: TableSchema, name: string): SecondaryIndex | undefined {
  return [...schema.GlobalSecondaryIndexes, ...schema.LocalSecondaryIndexes].find(
    (index) => index.IndexName === name,
  );
}

function itemStream(database: Database, prefix: string, range: KeyRange): Readable {
  const whole = rangeOf(prefix);
  const within: KeyRange = {
    ...(range.gt === undefined
      ? { gte: range.gte === undefined ? prefix : prefix + range.gte }
      : { gt: prefix + range.gt }),
    ...(range.lt === undefined && range.lte === undefined ? { lt: whole.lt } : {}),
    ...(range.lt === undefined ? {} : { lt: prefix + range.lt }),
    ...(range.lte === undefined ? {} : { lte: prefix + range.lte }),
    reverse: range.reverse ?? false,
    limit: range.limit ?? -1,
  };
  return Readable.from(parsedItems(database, within));
}

async function* parsedItems(database: Database, range: KeyRange): AsyncGenerator<Item> {
  for await (const text of database.values(range)) yield parseItem(text);
}
