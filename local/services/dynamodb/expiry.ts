import type { Item } from '#local/services/dynamodb/attribute-value.ts';
import type { DatabaseOperation } from '#local/services/dynamodb/database.ts';
import type { ItemChange } from '#local/services/dynamodb/item-change.ts';
import { expiryKey, LATEST_EXPIRY } from '#local/services/dynamodb/keys.ts';
import type { Table } from '#local/services/dynamodb/table.ts';

/** The longest that an item may have been expired and still be deleted: an older time is taken for a mistake. */
export const OLDEST_EXPIRY_SECONDS = 5 * 365 * 24 * 60 * 60;

/**
 * Reads when an item expires.
 *
 * @returns Epoch seconds, or `undefined` when the table has no TTL attribute, or the item has no Number there.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html
 */
export function expiryOf(table: Table, item: Item | undefined): number | undefined {
  if (item === undefined || table.timeToLiveAttribute === undefined) return undefined;
  const digits = item[table.timeToLiveAttribute]?.N;
  if (digits === undefined) return undefined;
  const second = Math.floor(Number(digits));
  return second >= 0 && second <= LATEST_EXPIRY ? second : undefined;
}

/** Keeps the order of expiries in step with a write. */
export function expiryOperations(change: ItemChange): readonly DatabaseOperation[] {
  const before = expiryOf(change.table, change.oldItem);
  const after = expiryOf(change.table, change.newItem);
  if (before === after) return [];
  const item = { tableName: change.table.schema.TableName, key: change.key };
  return [
    ...(before === undefined ? [] : [{ type: 'del', key: expiryKey(before, item) } as const]),
    ...(after === undefined
      ? []
      : [{ type: 'put', key: expiryKey(after, item), value: '' } as const]),
  ];
}

/** An item is left in its table at least this long after it expired, so that "hidden, but present" can be seen. */
const LINGER_MS = 2 * 60 * 1000;

/** Passes fall on multiples of this; with {@link LINGER_MS} an expired item leaves within 10 minutes. */
const PASS_EVERY_MS = 5 * 60 * 1000;

/**
 * Gives the instant at which an item that expires at a second is deleted: 2 to 7 minutes after it.
 *
 * AWS deletes within a few days; here it has to happen while someone is watching.
 */
export function passAtMs(expirySecond: number): number {
  return Math.ceil((expirySecond * 1000 + LINGER_MS) / PASS_EVERY_MS) * PASS_EVERY_MS;
}

/** Gives the latest second whose items a pass at an instant deletes. */
export function lastSecondOfPass(nowMs: number): number {
  return Math.floor((nowMs - LINGER_MS) / 1000);
}
