import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';

/** Where keys lie: no schedule can have this id, and without a `kind` the items are in no index. */
const KEYS = '#keys';

/** Names the key that redacted values are hashed with. */
const REDACTION = 'redaction';

const KEY_BYTES = 32;

/**
 * Reads the key that redacted values are hashed with; once it is found, it is not read again by this process.
 *
 * @returns `undefined` before any schedule has asked for it.
 */
export function createRedactionKeyReader(
  client: DynamoDBDocumentClient,
  table: string,
): () => Promise<Uint8Array | undefined> {
  let known: Uint8Array | undefined;
  return async () => {
    try {
      known ??= await read(client, table);
      return known;
    } catch (error) {
      return throwUnavailable(error, 'the Schedules table');
    }
  };
}

/**
 * Makes that key, unless it is there.
 *
 *     no item ── put, if there is none ──▶ the key, for the life of the stack
 *                └─ refused: it is there
 */
export function createRedactionKeyMaker(
  client: DynamoDBDocumentClient,
  table: string,
  randomBytes: (count: number) => Uint8Array,
): () => Promise<void> {
  return async () => {
    try {
      if (await read(client, table)) return;
      await client.send(
        new PutCommand({
          TableName: table,
          Item: { scheduleId: KEYS, part: REDACTION, key: randomBytes(KEY_BYTES) },
          ConditionExpression: 'attribute_not_exists(scheduleId)',
        }),
      );
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return;
      throwUnavailable(error, 'the Schedules table');
    }
  };
}

/** By a query, which those who read schedules may make. */
async function read(
  client: DynamoDBDocumentClient,
  table: string,
): Promise<Uint8Array | undefined> {
  const { Items: [item] = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'scheduleId = :keys AND part = :redaction',
      ExpressionAttributeValues: { ':keys': KEYS, ':redaction': REDACTION },
      ConsistentRead: true,
    }),
  );
  const key: unknown = item?.['key'];
  return key instanceof Uint8Array ? key : undefined;
}
