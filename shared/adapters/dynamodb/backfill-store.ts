import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import {
  backfillFromItem,
  backfillToItem,
  partOf,
} from '#shared/adapters/dynamodb/backfill-item.ts';
import { readCostOf, TELL_UNITS } from '#shared/adapters/dynamodb/read-cost-of.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { Backfill } from '#shared/domain/backfill/backfill.ts';
import type { BackfillStore } from '#shared/ports/backfill-store.ts';

/** Keeps backfills in the Schedules table, in the partitions of their schedules. */
export function createBackfillStore(client: DynamoDBDocumentClient, table: string): BackfillStore {
  return {
    create: async (backfill) => {
      const Item = backfillToItem(backfill);
      await answered(client.send(new PutCommand({ TableName: table, Item })));
    },
    read: async (scheduleId, backfillId) => {
      // A query, as that is what every reader of schedules is allowed.
      const query = new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'scheduleId = :scheduleId AND part = :part',
        ExpressionAttributeValues: { ':scheduleId': scheduleId, ':part': partOf(backfillId) },
        ConsistentRead: true,
      });
      const { Items: [item] = [] } = await answered(client.send(query));
      return item && backfillFromItem(item);
    },
    list: async (scheduleId, { limit, after }) => {
      const answer = await answered(
        client.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: 'scheduleId = :scheduleId AND begins_with(part, :prefix)',
            ExpressionAttributeValues: { ':scheduleId': scheduleId, ':prefix': partOf('') },
            // Ids begin with the instant.
            ScanIndexForward: false,
            Limit: limit,
            ...(after !== undefined && {
              ExclusiveStartKey: { scheduleId, part: partOf(after) },
            }),
            ...TELL_UNITS,
          }),
        ),
      );
      const backfills = (answer.Items ?? []).map(backfillFromItem);
      const next = answer.LastEvaluatedKey && backfills.at(-1)?.backfillId;
      return { backfills, ...(next !== undefined && { next }), cost: readCostOf(answer) };
    },
    /**
     * Goes through only while nobody else has written since.
     *
     *     version n ── replace ──▶ version n + 1
     */
    replace: async (backfill) => {
      const put = new PutCommand({
        TableName: table,
        Item: backfillToItem(backfill),
        ConditionExpression: '#version = :read',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':read': backfill.version - 1 },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      try {
        await client.send(put);
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException)
          return error.Item !== undefined && isOwnWrite(unmarshall(error.Item), backfill);
        return throwUnavailable(error, 'the Schedules table');
      }
    },
  };
}

/** The client tries again where an answer is lost, and then finds what it has written itself. */
function isOwnWrite(found: unknown, written: Backfill): boolean {
  const { version, writtenBy, sendingAt } = backfillFromItem(found);
  return (
    version === written.version &&
    writtenBy === written.writtenBy &&
    sendingAt === written.sendingAt
  );
}

async function answered<T>(sending: Promise<T>): Promise<T> {
  try {
    return await sending;
  } catch (error) {
    return throwUnavailable(error, 'the Schedules table');
  }
}
