import type { DynamoDBDocumentClient, PutCommandInput } from '@aws-sdk/lib-dynamodb';
import { createFencedItems } from '#shared/adapters/dynamodb/fenced-items.ts';
import { rollupFromItem, rollupToItem } from '#shared/adapters/dynamodb/rollup-item.ts';
import type { RollupStore } from '#shared/ports/rollup-store.ts';

type RollupWrite = Parameters<RollupStore['replace']>[0];

/** Keeps rollups in the Usage table, beside the sums. */
export function createRollupStore(client: DynamoDBDocumentClient, table: string): RollupStore {
  const items = createFencedItems(client, table, rollupFromItem);
  return {
    read: items.read,
    replace: (write) => items.put(replaceParams(table, write)),
  };
}

/**
 * Writes a rollup on condition of the fence that was read.
 *
 *     no item, or settledUpTo as read ── replace ──▶ settledUpTo, the batch's last ──────── expiresAt
 */
function replaceParams(
  table: string,
  { scheduleId, part, rollup, read }: RollupWrite,
): PutCommandInput {
  const put = { TableName: table, Item: rollupToItem(scheduleId, part, rollup) };
  if (!read) return { ...put, ConditionExpression: 'attribute_not_exists(scheduleId)' };
  return {
    ...put,
    ConditionExpression: 'settledUpTo = :settled',
    ExpressionAttributeValues: { ':settled': read.settledUpTo },
  };
}
