import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { usageFromItem, usageToItem } from '#shared/adapters/dynamodb/usage-item.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
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
  return {
    read: async (scheduleId, part) => {
      try {
        const Key = { scheduleId, part };
        const { Item } = await client.send(
          new GetCommand({ TableName: table, Key, ConsistentRead: true }),
        );
        return Item === undefined ? undefined : usageFromItem(Item);
      } catch (error) {
        return throwUnavailable(error, 'the Usage table');
      }
    },
    replace: async (write) => {
      try {
        await client.send(new PutCommand(replaceParams(table, write)));
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        return throwUnavailable(error, 'the Usage table');
      }
    },
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
