import {
  type AttributeValue,
  DeleteItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeTable, TABLE } from '#test/support/dynamodb-table.ts';
import { type DynamoDbServer, serveDynamoDb } from '#test/support/serve-dynamodb.ts';

type Item = Record<string, AttributeValue>;

const anyKey = fc.record({
  id: fc.constantFrom('a', 'b').map((S) => ({ S })),
  part: fc.constantFrom('1', '2').map((S) => ({ S })),
});

const anyNumber = fc.oneof(
  fc.integer({ min: -2000, max: 2000 }).map(String),
  fc.constantFrom('0', '-0.5', '1e20', '-1e20', '0.001', '99.99', '100'),
);

const anyWrite = fc.record({
  key: anyKey,
  isDelete: fc.boolean(),
  attributes: fc.record(
    {
      task: fc.constantFrom('x', 'y').map((S) => ({ S })),
      size: anyNumber.map((N) => ({ N })),
      note: fc.string({ maxLength: 3 }).map((S) => ({ S })),
    },
    { requiredKeys: [] },
  ),
});

async function scanned(server: DynamoDbServer, IndexName?: string): Promise<Item[]> {
  const { Items = [] } = await server.client.send(new ScanCommand({ TableName: TABLE, IndexName }));
  return Items;
}

async function sizesOf(server: DynamoDbServer, task: string): Promise<number[]> {
  const { Items = [] } = await server.client.send(
    new QueryCommand({
      TableName: TABLE,
      IndexName: 'byTask',
      KeyConditionExpression: 'task = :t',
      ExpressionAttributeValues: { ':t': { S: task } },
    }),
  );
  return Items.map((item) => Number(item['size']?.N));
}

const inAnyOrder = (items: Item[]) => items.map((item) => JSON.stringify(item)).toSorted();

it('holds in an index exactly the items that have its keys, in numeric order', async () => {
  await using server = await serveDynamoDb();
  await makeTable(server);

  await fc.assert(
    fc.asyncProperty(fc.array(anyWrite, { minLength: 1, maxLength: 8 }), async (writes) => {
      for (const { key, isDelete, attributes } of writes)
        await (isDelete
          ? server.client.send(new DeleteItemCommand({ TableName: TABLE, Key: key }))
          : server.client.send(
              new PutItemCommand({ TableName: TABLE, Item: { ...key, ...attributes } }),
            ));

      const indexed = (await scanned(server)).filter((item) => item['task'] && item['size']);
      expect(inAnyOrder(await scanned(server, 'byTask'))).toEqual(inAnyOrder(indexed));
      for (const task of ['x', 'y']) {
        const sizes = await sizesOf(server, task);
        expect(sizes).toEqual(sizes.toSorted((one, other) => one - other));
      }
    }),
    { numRuns: 40 },
  );
});
