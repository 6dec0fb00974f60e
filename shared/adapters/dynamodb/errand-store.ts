import { isDeepStrictEqual } from 'node:util';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { ErrandItems } from '#shared/adapters/dynamodb/errand-item.ts';
import { readCostOf, TELL_UNITS } from '#shared/adapters/dynamodb/read-cost-of.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { Errand } from '#shared/domain/errand/errand.ts';
import type { ErrandStore } from '#shared/ports/errand-store.ts';

/** Keeps errands of one kind in the Schedules table, in the partitions of their schedules. */
export function createErrandStore<Kind extends Errand>(
  client: DynamoDBDocumentClient,
  table: string,
  { partOf, toItem, fromItem }: ErrandItems<Kind>,
): ErrandStore<Kind> {
  return {
    create: async (errand) => {
      const Item = toItem(errand);
      await answered(client.send(new PutCommand({ TableName: table, Item })));
    },
    read: async (scheduleId, errandId) => {
      // A query, as that is what every reader of schedules is allowed.
      const query = new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'scheduleId = :scheduleId AND part = :part',
        ExpressionAttributeValues: { ':scheduleId': scheduleId, ':part': partOf(errandId) },
        ConsistentRead: true,
      });
      const { Items: [item] = [] } = await answered(client.send(query));
      return item && fromItem(item);
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
            ConsistentRead: true,
            Limit: limit,
            ...(after !== undefined && {
              ExclusiveStartKey: { scheduleId, part: partOf(after) },
            }),
            ...TELL_UNITS,
          }),
        ),
      );
      const errands = (answer.Items ?? []).map(fromItem);
      const next = answer.LastEvaluatedKey && errands.at(-1)?.errandId;
      return { errands, ...(next !== undefined && { next }), cost: readCostOf(answer) };
    },
    /**
     * Goes through only while nobody else has written since.
     *
     *     version n ── replace ──▶ version n + 1
     */
    replace: async (errand) => {
      const put = new PutCommand({
        TableName: table,
        Item: toItem(errand),
        ConditionExpression: '#version = :read',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':read': errand.version - 1 },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      try {
        await client.send(put);
        return true;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException))
          return throwUnavailable(error, 'the Schedules table');
        // The client tries again where an answer is lost, and then finds what it has written itself.
        return (
          error.Item !== undefined && isDeepStrictEqual(fromItem(unmarshall(error.Item)), errand)
        );
      }
    },
  };
}

async function answered<T>(sending: Promise<T>): Promise<T> {
  try {
    return await sending;
  } catch (error) {
    return throwUnavailable(error, 'the Schedules table');
  }
}
