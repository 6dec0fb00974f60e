import type { Database, DatabaseOperation } from '#local/services/dynamodb/database.ts';
import { parseItem, type StoreParts } from '#local/services/dynamodb/dynalite-store.ts';
import { expiryOperations } from '#local/services/dynamodb/expiry.ts';
import { indexEntry } from '#local/services/dynamodb/index-changes.ts';
import { itemChange } from '#local/services/dynamodb/item-change.ts';
import {
  EXPIRIES,
  entriesPrefix,
  itemsPrefix,
  parseExpiryKey,
  rangeOf,
  recordsPrefix,
} from '#local/services/dynamodb/keys.ts';
import type { SecondaryIndex, Table } from '#local/services/dynamodb/table.ts';

/**
 * Keeps a new or altered table; within the writer's lock only.
 *
 * What is derived from the items, index entries and the order of expiries, is built anew where its definition
 * changed, before the table itself is written: a crash in between leaves the old definition, and the next attempt
 * clears what the last one left.
 */
export async function putTable(parts: StoreParts, table: Table): Promise<void> {
  const before = parts.tables.find(table.schema.TableName);
  if (before) {
    for (const index of changedIndexes(before, table)) await dropEntries(parts, table, index);
    for (const index of changedIndexes(table, before)) await buildEntries(parts, table, index);
    if (before.timeToLiveAttribute !== table.timeToLiveAttribute) {
      await dropExpiries(parts.database, table);
      await buildExpiries(parts, table);
    }
  }
  await parts.tables.put(table);
}

/** Deletes a table with all that belongs to it; within the writer's lock only. */
export async function removeTable(parts: StoreParts, table: Table): Promise<void> {
  const { database } = parts;
  await dropExpiries(database, table);
  for (const index of indexesOf(table)) await dropEntries(parts, table, index);
  await database.clear(rangeOf(itemsPrefix(table.schema.TableName)));
  await database.clear(rangeOf(recordsPrefix(table.schema.TableName)));
  await parts.tables.remove(table.schema.TableName);
}

/** Entries written at one go while an index is built. */
const OPERATIONS_PER_BATCH = 1000;

function indexesOf({ schema }: Table): readonly SecondaryIndex[] {
  return [...schema.GlobalSecondaryIndexes, ...schema.LocalSecondaryIndexes];
}

/** The indexes of one table that the other does not have, or has in another form. */
function changedIndexes(one: Table, other: Table): readonly SecondaryIndex[] {
  const kept = new Set(indexesOf(other).map((index) => formOf(other, index)));
  return indexesOf(one).filter((index) => !kept.has(formOf(one, index)));
}

/** All that an index's entries depend on, the types of its keys included. */
function formOf({ schema }: Table, index: SecondaryIndex): string {
  const names = new Set(index.KeySchema.map((key) => key.AttributeName));
  const types = schema.AttributeDefinitions.filter((each) => names.has(each.AttributeName));
  return JSON.stringify([index, types]);
}

async function dropEntries(parts: StoreParts, table: Table, index: SecondaryIndex): Promise<void> {
  await parts.database.clear(rangeOf(entriesPrefix(table.schema.TableName, index.IndexName)));
}

async function buildEntries(parts: StoreParts, table: Table, index: SecondaryIndex): Promise<void> {
  await dropEntries(parts, table, index);
  const prefix = entriesPrefix(table.schema.TableName, index.IndexName);
  await forEachItem(parts.database, table, (_key, text) => {
    const entry = indexEntry(parseItem(text), table.schema, index);
    if (entry === undefined) return [];
    return [{ type: 'put', key: prefix + entry.key, value: JSON.stringify(entry.item) }];
  });
}

async function dropExpiries(database: Database, table: Table): Promise<void> {
  let operations: DatabaseOperation[] = [];
  for await (const key of database.keys(rangeOf(EXPIRIES))) {
    if (parseExpiryKey(key).tableName === table.schema.TableName)
      operations.push({ type: 'del', key });
    if (operations.length < OPERATIONS_PER_BATCH) continue;
    await database.batch(operations);
    operations = [];
  }
  await database.batch(operations);
}

async function buildExpiries({ database }: StoreParts, table: Table): Promise<void> {
  await forEachItem(database, table, (key, text) =>
    expiryOperations(itemChange({ table, key, oldItem: undefined, newItem: parseItem(text) })),
  );
}

async function forEachItem(
  database: Database,
  table: Table,
  toOperations: (key: string, text: string) => readonly DatabaseOperation[],
): Promise<void> {
  const prefix = itemsPrefix(table.schema.TableName);
  let operations: DatabaseOperation[] = [];
  for await (const [key, text] of database.iterator(rangeOf(prefix))) {
    operations.push(...toOperations(key.slice(prefix.length), text));
    if (operations.length < OPERATIONS_PER_BATCH) continue;
    await database.batch(operations);
    operations = [];
  }
  await database.batch(operations);
}
