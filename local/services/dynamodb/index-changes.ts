import { createKey } from 'dynalite/db/index.js';
import { type Item, isSameItem } from '#local/services/dynamodb/attribute-value.ts';
import { itemBytes } from '#local/services/dynamodb/item-bytes.ts';
import type { SecondaryIndex, TableSchema } from '#local/services/dynamodb/table.ts';

/** An item as an index holds it. */
export interface IndexEntry {
  /** Orders the entries of the index; unique, because it ends in the item's own key. */
  readonly key: string;
  /** The projected attributes. */
  readonly item: Item;
}

/** What a write does to one index. */
export interface IndexChange {
  readonly index: SecondaryIndex;
  readonly isGlobal: boolean;
  readonly before: IndexEntry | undefined;
  readonly after: IndexEntry | undefined;
}

/**
 * Gives the key of an index's entry.
 *
 * dynalite tells entries with equal index keys apart by 24 bits of a hash, and so loses one now and then; the whole
 * item key does not.
 */
export function entryKey(item: Item, schema: TableSchema, index: SecondaryIndex): string {
  return createKey(item, schema, index.KeySchema) + createKey(item, schema);
}

/** Gives an item's entry in an index, or `undefined` when it lacks one of the index's keys: the index is sparse. */
export function indexEntry(
  item: Item,
  schema: TableSchema,
  index: SecondaryIndex,
): IndexEntry | undefined {
  if (!index.KeySchema.every((key) => hasKey(item, schema, key.AttributeName))) return undefined;
  return { key: entryKey(item, schema, index), item: projected(item, schema, index) };
}

/** Lists what a write does to each index that it affects. */
export function indexChanges(
  schema: TableSchema,
  oldItem: Item | undefined,
  newItem: Item | undefined,
): readonly IndexChange[] {
  const changeOf = (index: SecondaryIndex, isGlobal: boolean): IndexChange => ({
    index,
    isGlobal,
    before: oldItem && indexEntry(oldItem, schema, index),
    after: newItem && indexEntry(newItem, schema, index),
  });
  return [
    ...schema.LocalSecondaryIndexes.map((index) => changeOf(index, false)),
    ...schema.GlobalSecondaryIndexes.map((index) => changeOf(index, true)),
  ].filter(isAffected);
}

/**
 * Counts the write units that a change of an index costs.
 *
 * An entry that comes, goes or changes costs one write; one whose key changes costs a delete and a put.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
 */
export function indexWriteUnits({ before, after }: IndexChange): number {
  const unitsBefore = before ? writeUnitsOf(before.item) : 0;
  const unitsAfter = after ? writeUnitsOf(after.item) : 0;
  return before?.key === after?.key ? Math.max(unitsBefore, unitsAfter) : unitsBefore + unitsAfter;
}

/** Counts the units of writing an item of this size; a missing one costs one unit. */
export function writeUnitsOf(item: Item | undefined): number {
  return item === undefined ? 1 : Math.max(1, Math.ceil(itemBytes(item) / 1024));
}

function isAffected({ before, after }: IndexChange): boolean {
  return before?.key !== after?.key || !isSameItem(before?.item, after?.item);
}

/** An index that was added later may meet values of another type: they are left out of it. */
function hasKey(item: Item, schema: TableSchema, name: string): boolean {
  const definition = schema.AttributeDefinitions.find((each) => each.AttributeName === name);
  return definition !== undefined && Boolean(item[name]?.[definition.AttributeType]);
}

function projected(item: Item, schema: TableSchema, index: SecondaryIndex): Item {
  if (index.Projection.ProjectionType === 'ALL') return item;
  const names = new Set([
    ...schema.KeySchema.map((key) => key.AttributeName),
    ...index.KeySchema.map((key) => key.AttributeName),
    ...(index.Projection.NonKeyAttributes ?? []),
  ]);
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}
