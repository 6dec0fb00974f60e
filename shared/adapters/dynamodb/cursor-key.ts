import { randomBytes } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';

/** Where the key lies: no schedule can have this id, and without a `kind` the item is in no index. */
const KEY = { scheduleId: '#keys', part: 'cursors' };

const KEY_BYTES = 32;

const keyItem = z.object({ key: z.instanceof(Uint8Array) });

/**
 * Keeps the key that cursors are signed with in the Schedules table, made by whoever needs it first.
 *
 *     no item ── write, if there is none ──▶ the key ── read once by each process, and kept
 *                └─ refused: another was first, and the key is its
 *
 * @returns The key; a read that fails is tried again by the next who asks.
 */
export function createCursorKey(
  client: DynamoDBDocumentClient,
  table: string,
): () => Promise<Uint8Array> {
  let kept: Promise<Uint8Array> | undefined;
  return () => {
    kept ??= readOrMake(client, table).catch((error: unknown) => {
      kept = undefined;
      return throwUnavailable(error, 'the Schedules table');
    });
    return kept;
  };
}

async function readOrMake(client: DynamoDBDocumentClient, table: string): Promise<Uint8Array> {
  return (await read(client, table)) ?? (await make(client, table));
}

async function read(
  client: DynamoDBDocumentClient,
  table: string,
): Promise<Uint8Array | undefined> {
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key: KEY, ConsistentRead: true }),
  );
  return Item && keyItem.parse(Item).key;
}

async function make(client: DynamoDBDocumentClient, table: string): Promise<Uint8Array> {
  const key = randomBytes(KEY_BYTES);
  try {
    await client.send(
      new PutCommand({
        TableName: table,
        Item: { ...KEY, key },
        ConditionExpression: 'attribute_not_exists(scheduleId)',
      }),
    );
    return key;
  } catch (error) {
    const others = error instanceof ConditionalCheckFailedException && (await read(client, table));
    if (others) return others;
    throw error;
  }
}
