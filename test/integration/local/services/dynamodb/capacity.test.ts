import {
  BatchWriteItemCommand,
  type ConsumedCapacity,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { makeTable, TABLE } from '#test/support/dynamodb-table.ts';
import { type DynamoDbServer, serveDynamoDb } from '#test/support/serve-dynamodb.ts';

const KEY = { id: { S: 'daily' }, part: { S: '1' } };
const KB = 1024;

const text = (bytes: number) => ({ S: 'x'.repeat(bytes) });

async function put(server: DynamoDbServer, attributes: object): Promise<Units> {
  return units(
    await server.client.send(
      new PutItemCommand({
        TableName: TABLE,
        Item: { ...KEY, ...attributes },
        ReturnConsumedCapacity: 'INDEXES',
      }),
    ),
  );
}

async function update(server: DynamoDbServer, expression: string, values?: object) {
  return units(
    await server.client.send(
      new UpdateItemCommand({
        TableName: TABLE,
        Key: KEY,
        UpdateExpression: expression,
        ...(values === undefined ? {} : { ExpressionAttributeValues: { ...values } }),
        ExpressionAttributeNames: expression.includes('#d') ? { '#d': 'day' } : undefined,
        ReturnConsumedCapacity: 'INDEXES',
      }),
    ),
  );
}

interface Units {
  readonly total: number | undefined;
  readonly table: number | undefined;
  readonly [index: string]: number | undefined;
}

function units({ ConsumedCapacity }: { ConsumedCapacity?: ConsumedCapacity | undefined }): Units {
  const indexes = Object.entries(ConsumedCapacity?.GlobalSecondaryIndexes ?? {});
  return {
    total: ConsumedCapacity?.CapacityUnits,
    table: ConsumedCapacity?.Table?.CapacityUnits,
    ...Object.fromEntries(indexes.map(([name, { CapacityUnits }]) => [name, CapacityUnits])),
  };
}

describe('the write units of an item', () => {
  it('are its kilobytes, rounded up, and those of each index that holds it', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);

    expect(await put(server, { body: text(1500) })).toEqual({ total: 2, table: 2 });
    expect(
      await put(server, {
        body: text(1500),
        task: { S: 't' },
        size: { N: '1' },
        day: { S: 'mon' },
      }),
    ).toEqual({ total: 5, table: 2, byTask: 2, byDay: 1 });
  });

  it('follow the larger of the item before and after', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await put(server, { body: text(3 * KB) });

    expect(await put(server, {})).toEqual({ total: 4, table: 4 });
    expect(await update(server, 'SET body = :b', { ':b': text(2 * KB) })).toMatchObject({
      table: 3,
    });
  });

  it('are a delete and a put where an index key changes', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await put(server, { day: { S: 'mon' }, note: text(1500) });

    const moved = await update(server, 'SET #d = :d', { ':d': { S: 'tue' } });

    expect(moved).toEqual({ total: 6, table: 2, byDay: 4 });
  });

  it('are one write where a projected attribute changes, and none where another does', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await put(server, { day: { S: 'mon' }, note: { S: 'a' } });

    expect(await update(server, 'SET note = :n', { ':n': { S: 'b' } })).toEqual({
      total: 2,
      table: 1,
      byDay: 1,
    });
    expect(await update(server, 'SET body = :b', { ':b': { S: 'b' } })).toEqual({
      total: 1,
      table: 1,
    });
  });

  it('are one write where an item leaves an index', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await put(server, { day: { S: 'mon' } });

    expect(await update(server, 'REMOVE #d')).toEqual({ total: 2, table: 1, byDay: 1 });
  });

  it('are one for the deletion of nothing, and for a write that changes nothing', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await put(server, { id: { S: 'other' }, day: { S: 'mon' } });

    const nothing = await server.client.send(
      new DeleteItemCommand({ TableName: TABLE, Key: KEY, ReturnConsumedCapacity: 'INDEXES' }),
    );
    expect(units(nothing)).toEqual({ total: 1, table: 1 });
    expect(await put(server, { id: { S: 'other' }, day: { S: 'mon' } })).toEqual({
      total: 1,
      table: 1,
    });
  });

  it('are only summed up in TOTAL, and not told unasked', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    const ask = (ReturnConsumedCapacity?: 'TOTAL') =>
      server.client.send(
        new PutItemCommand({
          TableName: TABLE,
          Item: { ...KEY, day: { S: String(ReturnConsumedCapacity) } },
          ReturnConsumedCapacity,
        }),
      );

    expect((await ask('TOTAL')).ConsumedCapacity).toEqual({ TableName: TABLE, CapacityUnits: 2 });
    expect((await ask()).ConsumedCapacity).toBeUndefined();
  });

  it('are used by a refused write too', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await put(server, { body: text(1500), day: { S: 'mon' } });
    const before = server.service.writeUnits(TABLE);

    const refused = server.client.send(
      new PutItemCommand({
        TableName: TABLE,
        Item: KEY,
        ConditionExpression: 'attribute_not_exists(id)',
      }),
    );

    await expect(refused).rejects.toThrow('The conditional request failed');
    expect(server.service.writeUnits(TABLE) - before).toBe(2);
  });

  it('are summed up by table in a batch', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);

    const { ConsumedCapacity } = await server.client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [TABLE]: [
            { PutRequest: { Item: { ...KEY, day: { S: 'mon' } } } },
            { PutRequest: { Item: { ...KEY, part: { S: '2' }, body: text(1500) } } },
          ],
        },
        ReturnConsumedCapacity: 'INDEXES',
      }),
    );

    expect(ConsumedCapacity).toEqual([
      {
        TableName: TABLE,
        CapacityUnits: 4,
        Table: { CapacityUnits: 3 },
        GlobalSecondaryIndexes: { byDay: { CapacityUnits: 1 } },
      },
    ]);
  });
});

describe('the units of a transaction', () => {
  it('are twice those of its writes, and the reads when it is repeated', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    const transact = async () =>
      (
        await server.client.send(
          new TransactWriteItemsCommand({
            ClientRequestToken: 'token',
            ReturnConsumedCapacity: 'TOTAL',
            TransactItems: [
              { Put: { TableName: TABLE, Item: { ...KEY, body: text(1500) } } },
              { Put: { TableName: TABLE, Item: { ...KEY, part: { S: '2' }, day: { S: 'm' } } } },
            ],
          }),
        )
      ).ConsumedCapacity;

    expect(await transact()).toEqual([
      { TableName: TABLE, CapacityUnits: 8, WriteCapacityUnits: 8 },
    ]);
    expect(await transact()).toEqual([
      { TableName: TABLE, CapacityUnits: 4, ReadCapacityUnits: 4 },
    ]);
  });

  it('are twice those of consistent reads', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await put(server, { body: text(5 * KB) });

    const { ConsumedCapacity } = await server.client.send(
      new TransactGetItemsCommand({
        TransactItems: [{ Get: { TableName: TABLE, Key: KEY } }],
        ReturnConsumedCapacity: 'INDEXES',
      }),
    );

    expect(ConsumedCapacity).toEqual([
      {
        TableName: TABLE,
        CapacityUnits: 4,
        ReadCapacityUnits: 4,
        Table: { CapacityUnits: 4, ReadCapacityUnits: 4 },
      },
    ]);
  });
});

describe('the read units', () => {
  it('are half for a read that need not be consistent, and half at least', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await put(server, { body: text(5 * KB) });
    const get = (ConsistentRead: boolean) =>
      server.client.send(
        new GetItemCommand({
          TableName: TABLE,
          Key: KEY,
          ConsistentRead,
          ReturnConsumedCapacity: 'TOTAL',
        }),
      );
    const empty = await server.client.send(
      new QueryCommand({
        TableName: TABLE,
        IndexName: 'byDay',
        KeyConditionExpression: '#d = :d',
        ExpressionAttributeNames: { '#d': 'day' },
        ExpressionAttributeValues: { ':d': { S: 'none' } },
        ReturnConsumedCapacity: 'INDEXES',
      }),
    );

    expect((await get(true)).ConsumedCapacity?.CapacityUnits).toBe(2);
    expect((await get(false)).ConsumedCapacity?.CapacityUnits).toBe(1);
    expect(units(empty)).toEqual({ total: 0.5, table: 0, byDay: 0.5 });
  });
});
