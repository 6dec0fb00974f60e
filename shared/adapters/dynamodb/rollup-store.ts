import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { rollupFromItem, rollupToItem } from '#shared/adapters/dynamodb/rollup-item.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { RollupStore } from '#shared/ports/rollup-store.ts';

type RollupWrite = Parameters<RollupStore['replace']>[0];

/** Keeps rollups in the Usage table, beside the sums. */
export function createRollupStore(client: DynamoDBDocumentClient, table: string): RollupStore {
  return {
    read: async (scheduleId, part) => {
      try {
        const Key = { scheduleId, part };
        const { Item } = await client.send(
          new GetCommand({ TableName: table, Key, ConsistentRead: true }),
        );
        return Item === undefined ? undefined : rollupFromItem(Item);
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
