import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { ExpiryAnnouncements } from '#shared/ports/expiry-announcements.ts';

/** Where it lies: no schedule can have this id, and without a `kind` it is in no index. */
const KEY = { scheduleId: '#expiring', part: 'toldTo' };

const item = z.object({ toldTo: z.int() });

/** Keeps it in the Usage table, whose items no stream tells of. */
export function createExpiryAnnouncements(
  client: DynamoDBDocumentClient,
  table: string,
): ExpiryAnnouncements {
  return {
    toldTo: async () => {
      try {
        const { Item } = await client.send(
          new GetCommand({ TableName: table, Key: KEY, ConsistentRead: true }),
        );
        return Item && item.parse(Item).toldTo;
      } catch (error) {
        return throwUnavailable(error, 'the Usage table');
      }
    },
    moveTo: async (toldTo) => {
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item: { ...KEY, toldTo },
            // Two calls at once tell of the same; the slower one does not take it back.
            ConditionExpression: 'attribute_not_exists(toldTo) OR toldTo < :toldTo',
            ExpressionAttributeValues: { ':toldTo': toldTo },
          }),
        );
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return;
        throwUnavailable(error, 'the Usage table');
      }
    },
  };
}
