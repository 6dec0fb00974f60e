import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { makeTable, TABLE } from '#test/support/dynamodb-table.ts';
import { serveDynamoDb } from '#test/support/serve-dynamodb.ts';

const KEY = { id: { S: 'daily' }, part: { S: '1' } };

async function refusalOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('conditional writes', () => {
  it('show the item that was there when asked to, for put, update and delete', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    const item = { ...KEY, owner: { S: 'a' } };
    await server.client.send(new PutItemCommand({ TableName: TABLE, Item: item }));
    const common = {
      TableName: TABLE,
      ConditionExpression: 'attribute_not_exists(id)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const;

    const refusals = [
      await refusalOf(server.client.send(new PutItemCommand({ ...common, Item: KEY }))),
      await refusalOf(server.client.send(new DeleteItemCommand({ ...common, Key: KEY }))),
      await refusalOf(
        server.client.send(
          new UpdateItemCommand({ ...common, Key: KEY, UpdateExpression: 'REMOVE x' }),
        ),
      ),
    ];

    for (const refusal of refusals) {
      expect(refusal).toBeInstanceOf(ConditionalCheckFailedException);
      expect(refusal).toMatchObject({ message: 'The conditional request failed', Item: item });
    }
  });

  it('show nothing unasked, and nothing where there was no item', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    const put = (changes: object) =>
      refusalOf(
        server.client.send(
          new PutItemCommand({
            TableName: TABLE,
            Item: KEY,
            ConditionExpression: 'attribute_exists(id)',
            ...changes,
          }),
        ),
      );

    expect(await put({})).toHaveProperty('Item', undefined);
    expect(await put({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })).toHaveProperty(
      'Item',
      undefined,
    );
  });

  it('let exactly one of a hundred at once win', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await server.client.send(new PutItemCommand({ TableName: TABLE, Item: KEY }));

    const claims = await Promise.allSettled(
      Array.from({ length: 100 }, (_, owner) =>
        server.client.send(
          new UpdateItemCommand({
            TableName: TABLE,
            Key: KEY,
            UpdateExpression: 'SET #o = :o',
            ConditionExpression: 'attribute_not_exists(#o)',
            ExpressionAttributeNames: { '#o': 'owner' },
            ExpressionAttributeValues: { ':o': { N: String(owner) } },
          }),
        ),
      ),
    );

    const winners = claims.flatMap(({ status }, owner) => (status === 'fulfilled' ? [owner] : []));
    expect(winners).toHaveLength(1);
    const { Item } = await server.client.send(
      new GetItemCommand({ TableName: TABLE, Key: KEY, ConsistentRead: true }),
    );
    expect(Item?.['owner']).toEqual({ N: String(winners[0]) });
  });
});

describe('updates', () => {
  it('lose none of a hundred additions at once', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    const add = () =>
      server.client.send(
        new UpdateItemCommand({
          TableName: TABLE,
          Key: KEY,
          UpdateExpression: 'ADD runs :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        }),
      );

    await Promise.all(Array.from({ length: 100 }, add));

    const { Item } = await server.client.send(new GetItemCommand({ TableName: TABLE, Key: KEY }));
    expect(Item).toEqual({ ...KEY, runs: { N: '100' } });
  });
});

describe('index keys', () => {
  it('must not be empty in a put', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);

    const put = server.client.send(
      new PutItemCommand({ TableName: TABLE, Item: { ...KEY, day: { S: '' } } }),
    );

    await expect(put).rejects.toMatchObject({
      name: 'ValidationException',
      message:
        'One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: byDay, IndexKey: day',
    });
  });

  it('must not be empty in an update, which then changes nothing', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);

    const update = server.client.send(
      new UpdateItemCommand({
        TableName: TABLE,
        Key: KEY,
        UpdateExpression: 'SET #d = :empty',
        ExpressionAttributeNames: { '#d': 'day' },
        ExpressionAttributeValues: { ':empty': { S: '' } },
      }),
    );

    await expect(update).rejects.toMatchObject({
      name: 'ValidationException',
      message:
        'One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value.',
    });
    const { Item } = await server.client.send(new GetItemCommand({ TableName: TABLE, Key: KEY }));
    expect(Item).toBeUndefined();
  });

  it('must have the type that the table defines', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);

    const put = server.client.send(
      new PutItemCommand({ TableName: TABLE, Item: { ...KEY, day: { N: '1' } } }),
    );

    await expect(put).rejects.toMatchObject({
      name: 'ValidationException',
      message:
        'One or more parameter values were invalid: Type mismatch for Index Key day Expected: S Actual: N IndexName: byDay',
    });
  });
});

describe('an index', () => {
  it('holds just the projected attributes of the items that have its keys', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    const item = { ...KEY, day: { S: 'mon' }, note: { S: 'n' }, secret: { S: 's' } };
    await server.client.send(new PutItemCommand({ TableName: TABLE, Item: item }));
    await server.client.send(
      new PutItemCommand({ TableName: TABLE, Item: { ...KEY, id: { S: 'other' } } }),
    );

    const { Items } = await server.client.send(
      new QueryCommand({
        TableName: TABLE,
        IndexName: 'byDay',
        KeyConditionExpression: '#d = :d',
        ExpressionAttributeNames: { '#d': 'day' },
        ExpressionAttributeValues: { ':d': { S: 'mon' } },
      }),
    );

    expect(Items).toEqual([{ ...KEY, day: { S: 'mon' }, note: { S: 'n' } }]);
  });

  it('refuses a consistent read', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);

    const query = server.client.send(
      new QueryCommand({
        TableName: TABLE,
        IndexName: 'byDay',
        ConsistentRead: true,
        KeyConditionExpression: '#d = :d',
        ExpressionAttributeNames: { '#d': 'day' },
        ExpressionAttributeValues: { ':d': { S: 'mon' } },
      }),
    );

    await expect(query).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Consistent reads are not supported on global secondary indexes',
    });
  });

  it.each([true, false])(
    'pages through equal keys, each item once (forward: %s)',
    async (forward) => {
      await using server = await serveDynamoDb();
      await makeTable(server);
      const ids = Array.from({ length: 40 }, (_, n) => `job-${String(n).padStart(2, '0')}`);
      for (const pair of [ids.slice(0, 20), ids.slice(20)])
        await server.client.send(
          new BatchWriteItemCommand({
            RequestItems: {
              [TABLE]: pair.map((id) => ({
                PutRequest: { Item: { id: { S: id }, part: { S: 'p' }, day: { S: 'mon' } } },
              })),
            },
          }),
        );

      const seen: (string | undefined)[] = [];
      let start: Record<string, AttributeValue> | undefined;
      do {
        const page = await server.client.send(
          new QueryCommand({
            TableName: TABLE,
            IndexName: 'byDay',
            Limit: 7,
            ScanIndexForward: forward,
            ExclusiveStartKey: start,
            KeyConditionExpression: '#d = :d',
            ExpressionAttributeNames: { '#d': 'day' },
            ExpressionAttributeValues: { ':d': { S: 'mon' } },
          }),
        );
        seen.push(...(page.Items ?? []).map((item) => item['id']?.S));
        start = page.LastEvaluatedKey;
      } while (start);

      expect(seen).toHaveLength(40);
      expect(new Set(seen)).toEqual(new Set(ids));
    },
  );
});

describe('batches', () => {
  it('write and read several items, and name a table by its ARN too', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    const arn = `arn:aws:dynamodb:us-east-1:000000000000:table/${TABLE}`;
    const other = { ...KEY, id: { S: 'other' } };
    await server.client.send(new PutItemCommand({ TableName: arn, Item: other }));

    await server.client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [TABLE]: [{ PutRequest: { Item: KEY } }, { DeleteRequest: { Key: other } }],
        },
      }),
    );

    const { Responses } = await server.client.send(
      new BatchGetItemCommand({ RequestItems: { [TABLE]: { Keys: [KEY, other] } } }),
    );
    expect(Responses).toEqual({ [TABLE]: [KEY] });
  });
});

describe('an item', () => {
  it('is measured in UTF-8 bytes, and may have 400 KB', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    const fixed = 'id'.length + 'daily'.length + 'part'.length + '1'.length + 'text'.length;
    const put = (text: string) =>
      server.client.send(
        new PutItemCommand({ TableName: TABLE, Item: { ...KEY, text: { S: text } } }),
      );

    await put('x'.repeat(409_600 - fixed));

    const tooLarge = { message: 'Item size has exceeded the maximum allowed size' };
    await expect(put('x'.repeat(409_601 - fixed))).rejects.toMatchObject(tooLarge);
    await expect(put('é'.repeat(205_000))).rejects.toMatchObject(tooLarge);
  });
});
