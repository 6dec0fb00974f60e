import {
  BatchGetCommand,
  type BatchGetCommandInput,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { TELL_UNITS } from '#shared/adapters/dynamodb/read-cost-of.ts';
import { addCosts, type ReadCost } from '#shared/domain/read-cost.ts';

/** DynamoDB reads at most this many items in one batch. See https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const LARGEST_BATCH = 100;

/** A batch that DynamoDB answers in parts is asked for again this often. */
const MOST_BATCH_ROUNDS = 20;

/**
 * Reads the items of any number of keys strongly, as many as there are, in no order.
 *
 * @throws an Error where DynamoDB answers in parts again and again.
 */
export async function batchGet(
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly Record<string, unknown>[],
): Promise<{ readonly items: readonly Record<string, unknown>[]; readonly cost: ReadCost }> {
  const items: Record<string, unknown>[] = [];
  const costs: ReadCost[] = [];
  let left: readonly Record<string, unknown>[] = keys;
  for (let round = 0; left.length > 0; round += 1) {
    if (round === MOST_BATCH_ROUNDS)
      throw new Error('Expected a batch read to end, got a partial answer again.');
    const Keys = left.slice(0, LARGEST_BATCH);
    const request: BatchGetCommandInput = {
      RequestItems: { [table]: { Keys, ConsistentRead: true } },
      ...TELL_UNITS,
    };
    const { Responses, UnprocessedKeys, ConsumedCapacity } = await client.send(
      new BatchGetCommand(request),
    );
    const found = Responses?.[table] ?? [];
    const unread = UnprocessedKeys?.[table]?.Keys ?? [];
    items.push(...found);
    costs.push({
      requests: 1,
      itemsRead: found.length,
      readUnits: ConsumedCapacity?.[0]?.CapacityUnits ?? 0,
    });
    left = [...unread, ...left.slice(LARGEST_BATCH)];
  }
  return { items, cost: addCosts(costs) };
}
