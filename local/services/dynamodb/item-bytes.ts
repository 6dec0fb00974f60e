import { itemSize } from 'dynalite/db/index.js';
import type { AttributeValue, Item } from '#local/services/dynamodb/attribute-value.ts';

/**
 * Counts an item's bytes as DynamoDB bills and limits them: names and strings in UTF-8, numbers by their digits.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Item): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item))
    bytes += Buffer.byteLength(name) + valueBytes(value);
  return bytes;
}

/** What a list or a map costs beside its contents, and each of their members. */
const CONTAINER_BYTES = 3;
const MEMBER_BYTES = 1;

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.B !== undefined) return Buffer.byteLength(value.B, 'base64');
  if (value.M !== undefined)
    return CONTAINER_BYTES + MEMBER_BYTES * Object.keys(value.M).length + itemBytes(value.M);
  if (value.L !== undefined)
    return CONTAINER_BYTES + sum(value.L, (member) => MEMBER_BYTES + valueBytes(member));
  return setBytes(value);
}

function setBytes(value: AttributeValue): number {
  if (value.SS !== undefined) return sum(value.SS, (member) => Buffer.byteLength(member));
  if (value.NS !== undefined) return sum(value.NS, numberBytes);
  if (value.BS !== undefined) return sum(value.BS, (member) => Buffer.byteLength(member, 'base64'));
  return 1;
}

function numberBytes(digits: string): number {
  return itemSize({ '': { N: digits } });
}

function sum<T>(members: readonly T[], bytesOf: (member: T) => number): number {
  return members.reduce((total, member) => total + bytesOf(member), 0);
}
