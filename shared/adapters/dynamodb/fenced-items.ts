import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';

/** Items of the Usage table that are read, counted into, and written where their fence stands as it was read. */
export interface FencedItems<Sum> {
  /** @returns `undefined` where nothing has been counted yet. */
  read(scheduleId: string, part: string): Promise<Sum | undefined>;
  /** @returns `false` where the condition does not hold: another delivery has counted in between. */
  put(params: PutCommandInput): Promise<boolean>;
}

/** Keeps sums in the Usage table. Both methods throw {AlmanacError} `store.unavailable`. */
export function createFencedItems<Sum>(
  client: DynamoDBDocumentClient,
  table: string,
  fromItem: (item: unknown) => Sum,
): FencedItems<Sum> {
  return {
    read: async (scheduleId, part) => {
      try {
        const Key = { scheduleId, part };
        const { Item } = await client.send(
          new GetCommand({ TableName: table, Key, ConsistentRead: true }),
        );
        return Item === undefined ? undefined : fromItem(Item);
      } catch (error) {
        return throwUnavailable(error, 'the Usage table');
      }
    },
    put: async (params) => {
      try {
        await client.send(new PutCommand(params));
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        return throwUnavailable(error, 'the Usage table');
      }
    },
  };
}
