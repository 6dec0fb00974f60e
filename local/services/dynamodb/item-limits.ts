import type { AttributeValue, Item } from '#local/services/dynamodb/attribute-value.ts';
import { invalidRequest } from '#local/services/dynamodb/dynalite-fault.ts';
import { LARGEST_ITEM_BYTES } from '#local/services/dynamodb/dynalite-store.ts';
import { itemBytes } from '#local/services/dynamodb/item-bytes.ts';
import type { TableSchema } from '#local/services/dynamodb/table.ts';

/** Longest key attributes, in bytes. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const LARGEST_PARTITION_KEY_BYTES = 2048;
const LARGEST_SORT_KEY_BYTES = 1024;

/**
 * Refuses what dynalite lets pass: empty index keys, and sizes that are too large only when counted in UTF-8.
 *
 * @param parts.put - A whole item that is about to be put.
 * @param parts.updated - The item that an update made.
 * @throws {ServiceFault} `ValidationException`.
 */
export function checkLimits(
  schema: TableSchema,
  parts: {
    readonly key?: Item | undefined;
    readonly put?: Item | undefined;
    readonly updated?: Item | undefined;
  },
): void {
  const { key, put, updated } = parts;
  checkKeyBytes(schema, put ?? key ?? {});
  if (put && itemBytes(put) > LARGEST_ITEM_BYTES)
    throw invalidRequest('Item size has exceeded the maximum allowed size');
  if (updated && itemBytes(updated) > LARGEST_ITEM_BYTES)
    throw invalidRequest('Item size to update has exceeded the maximum allowed size');
  checkIndexKeys(schema, put, (kind, place) => `${EMPTY_IN_PUT} ${emptyKey(kind)} ${place}`);
  checkIndexKeys(schema, updated, (kind) => `${EMPTY_IN_UPDATE} ${emptyKey(kind)}`);
}

const EMPTY_IN_PUT =
  'One or more parameter values are not valid. A value specified for a secondary index key is not supported.';
const EMPTY_IN_UPDATE =
  'One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported.';

function emptyKey(kind: string): string {
  return `The AttributeValue for a key attribute cannot contain an empty ${kind} value.`;
}

function checkIndexKeys(
  schema: TableSchema,
  item: Item | undefined,
  worded: (kind: string, place: string) => string,
): void {
  if (item === undefined) return;
  for (const { IndexName, KeySchema } of [
    ...schema.GlobalSecondaryIndexes,
    ...schema.LocalSecondaryIndexes,
  ])
    for (const { AttributeName } of KeySchema) {
      const kind = emptyKind(item[AttributeName]);
      if (kind)
        throw invalidRequest(worded(kind, `IndexName: ${IndexName}, IndexKey: ${AttributeName}`));
    }
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
