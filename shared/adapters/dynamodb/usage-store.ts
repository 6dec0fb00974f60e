import type { DynamoDBDocumentClient, PutCommandInput } from '@aws-sdk/lib-dynamodb';
import { createFencedItems } from '#shared/adapters/dynamodb/fenced-items.ts';
import { usageFromItem, usageToItem } from '#shared/adapters/dynamodb/usage-item.ts';
import type { Usage } from '#shared/domain/usage/usage.ts';
import type { UsagePart, UsageStore } from '#shared/ports/usage-store.ts';

interface UsageWrite {
  readonly scheduleId: string;
  readonly part: UsagePart;
  readonly usage: Usage;
  readonly read: Usage | undefined;
}

/** Keeps sums in the Usage table. */
export function createUsageStore(client: DynamoDBDocumentClient, table: string): UsageStore {
  const items = createFencedItems(client, table, usageFromItem);
  return {
    read: items.read,
    replace: (write) => items.put(replaceParams(table, write)),
  };
}

function replaceParams(
  table: string,
  { scheduleId, part, usage, read }: UsageWrite,
): PutCommandInput {
  const put = { TableName: table, Item: usageToItem(scheduleId, part, usage) };
  if (!read) return { ...put, ConditionExpression: 'attribute_not_exists(scheduleId)' };
  return {
    ...put,
    ConditionExpression: 'settledUpTo = :settled AND removedUpTo = :removed',
    ExpressionAttributeValues: { ':settled': read.settledUpTo, ':removed': read.removedUpTo },
  };
}
