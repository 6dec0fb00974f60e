import { validateItem, validateUpdates } from 'dynalite/db/index.js';
import {
  type AttributeValue,
  type Item,
  isSameItem,
} from '#local/services/dynamodb/attribute-value.ts';
import { invalidRequest, toServiceFault } from '#local/services/dynamodb/dynalite-fault.ts';
import { LARGEST_ITEM_BYTES } from '#local/services/dynamodb/dynalite-store.ts';
import { itemBytes } from '#local/services/dynamodb/item-bytes.ts';
import type { TableSchema } from '#local/services/dynamodb/table.ts';

/** Longest key attributes, in bytes. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const LARGEST_PARTITION_KEY_BYTES = 2048;
const LARGEST_SORT_KEY_BYTES = 1024;

/** A write as it is asked for. */
export interface AskedWrite {
  readonly Item?: Item;
  readonly Key?: Item;
  readonly AttributeUpdates?: object;
  /** The update expression, parsed by the validation. */
  readonly _updates?: object;
}

/**
 * Refuses what dynalite's actions would let pass: index keys that are empty or of the wrong type, since they run
 * without indexes here, and sizes that are too large only when counted in UTF-8.
 *
 * Faults of the table's own key are left to the actions, which word them by operation.
 *
 * @throws {ServiceFault} `ValidationException`.
 */
export function checkAsked(schema: TableSchema, asked: AskedWrite): void {
  checkKeyBytes(schema, asked.Item ?? asked.Key ?? {});
  const invalid = asked.Item
    ? validateItem(asked.Item, schema)
    : validateUpdates(asked.AttributeUpdates, asked._updates, schema);
  if (invalid && /Index ?Key/.test(invalid.message)) throw toServiceFault(invalid);
  if (asked.Item === undefined) return;
  if (itemBytes(asked.Item) > LARGEST_ITEM_BYTES)
    throw invalidRequest('Item size has exceeded the maximum allowed size');
  for (const { name, kind, index } of emptyIndexKeys(schema, asked.Item))
    throw invalidRequest(
      `${EMPTY_IN_PUT} ${emptyKey(kind)} IndexName: ${index}, IndexKey: ${name}`,
    );
}

/**
 * Refuses what only shows once an update has been worked out.
 *
 * @throws {ServiceFault} `ValidationException`.
 */
export function checkUpdated(
  schema: TableSchema,
  { oldItem, newItem }: { readonly oldItem: Item | undefined; readonly newItem: Item | undefined },
): void {
  if (newItem === undefined) return;
  if (itemBytes(newItem) > LARGEST_ITEM_BYTES)
    throw invalidRequest('Item size to update has exceeded the maximum allowed size');
  for (const { kind } of emptyIndexKeys(schema, newItem))
    throw invalidRequest(`${EMPTY_IN_UPDATE} ${emptyKey(kind)}`);
  for (const { name, type } of indexKeys(schema)) {
    const [before, after] = [oldItem?.[name], newItem[name]];
    // A value from before the index is left alone.
    if (
      after &&
      after[type] === undefined &&
      !isSameItem({ before: before ?? {} }, { before: after })
    )
      throw invalidRequest(UNSUPPORTED_TYPE);
  }
}

const UNSUPPORTED_TYPE =
  'The update expression attempted to update the secondary index key to unsupported type';
const EMPTY_IN_PUT =
  'One or more parameter values are not valid. A value specified for a secondary index key is not supported.';
const EMPTY_IN_UPDATE =
  'One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported.';

function emptyKey(kind: string): string {
  return `The AttributeValue for a key attribute cannot contain an empty ${kind} value.`;
}

function indexKeys(schema: TableSchema) {
  return [...schema.GlobalSecondaryIndexes, ...schema.LocalSecondaryIndexes].flatMap((index) =>
    index.KeySchema.flatMap(({ AttributeName: name }) =>
      schema.AttributeDefinitions.filter((definition) => definition.AttributeName === name).map(
        (definition) => ({ name, type: definition.AttributeType, index: index.IndexName }),
      ),
    ),
  );
}

function emptyIndexKeys(schema: TableSchema, item: Item) {
  return indexKeys(schema).flatMap(({ name, index }) => {
    const kind = emptyKind(item[name]);
    return kind === undefined ? [] : [{ name, index, kind }];
  });
}

function emptyKind(value: AttributeValue | undefined): 'string' | 'binary' | undefined {
  if (value?.S === '') return 'string';
  return value?.B === '' ? 'binary' : undefined;
}

function checkKeyBytes(schema: TableSchema, item: Item): void {
  for (const { AttributeName, KeyType } of schema.KeySchema) {
    const bytes = Buffer.byteLength(item[AttributeName]?.S ?? '');
    if (KeyType === 'HASH' && bytes > LARGEST_PARTITION_KEY_BYTES)
      throw invalidRequest(
        'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
      );
    if (KeyType === 'RANGE' && bytes > LARGEST_SORT_KEY_BYTES)
      throw invalidRequest(
        'One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes',
      );
  }
}
