import {
  GetItemCommand,
  PutItemCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { makeTable, TABLE } from '#test/support/dynamodb-table.ts';
import { type DynamoDbServer, serveDynamoDb } from '#test/support/serve-dynamodb.ts';

const keyOf = (id: string) => ({ id: { S: id }, part: { S: '1' } });
const put = (id: string, changes: object = {}): TransactWriteItem => ({
  Put: { TableName: TABLE, Item: keyOf(id), ...changes },
});

const write = (server: DynamoDbServer, items: TransactWriteItem[], token?: string) =>
  server.client.send(
    new TransactWriteItemsCommand({ TransactItems: items, ClientRequestToken: token }),
  );

async function itemOf(server: DynamoDbServer, id: string) {
  const { Item } = await server.client.send(
    new GetItemCommand({ TableName: TABLE, Key: keyOf(id) }),
  );
  return Item;
}

const addOne = (id: string): TransactWriteItem => ({
  Update: {
    TableName: TABLE,
    Key: keyOf(id),
    UpdateExpression: 'ADD runs :one',
    ExpressionAttributeValues: { ':one': { N: '1' } },
  },
});

describe('TransactWriteItems', () => {
  it('puts, updates, deletes and checks up to a hundred items', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await server.client.send(new PutItemCommand({ TableName: TABLE, Item: keyOf('gone') }));
    const puts = Array.from({ length: 97 }, (_, n) => put(`new-${n}`));

    await write(server, [
      ...puts,
      addOne('counter'),
      {
        Delete: {
          TableName: TABLE,
          Key: keyOf('gone'),
          ConditionExpression: 'attribute_exists(id)',
        },
      },
      {
        ConditionCheck: {
          TableName: TABLE,
          Key: keyOf('absent'),
          ConditionExpression: 'attribute_not_exists(id)',
        },
      },
    ]);

    expect(await itemOf(server, 'new-96')).toEqual(keyOf('new-96'));
    expect(await itemOf(server, 'counter')).toEqual({ ...keyOf('counter'), runs: { N: '1' } });
    expect(await itemOf(server, 'gone')).toBeUndefined();
    expect(await itemOf(server, 'absent')).toBeUndefined();
  });

  it('refuses a hundred and one, as it refuses none', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);

    const tooMany = write(
      server,
      Array.from({ length: 101 }, (_, n) => put(`new-${n}`)),
    );

    await expect(tooMany).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('Member must have length less than or equal to 100'),
    });
    await expect(write(server, [])).rejects.toMatchObject({
      message:
        "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    });
  });

  it('changes nothing when one condition fails, and gives each action its reason', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await server.client.send(new PutItemCommand({ TableName: TABLE, Item: keyOf('there') }));
    const onlyNew = { ConditionExpression: 'attribute_not_exists(id)' };

    const cancelled = write(server, [
      put('fresh', onlyNew),
      put('there', { ...onlyNew, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
      put('odd', { Item: { ...keyOf('odd'), day: { N: '1' } } }),
    ]);

    await expect(cancelled).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ValidationError]',
      CancellationReasons: [
        { Code: 'None' },
        {
          Code: 'ConditionalCheckFailed',
          Item: keyOf('there'),
          Message: 'The conditional request failed',
        },
        {
          Code: 'ValidationError',
          Message:
            'One or more parameter values were invalid: Type mismatch for Index Key day Expected: S Actual: N IndexName: byDay',
        },
      ],
    });
    expect(await itemOf(server, 'fresh')).toBeUndefined();
  });

  it('refuses two actions on one item, an empty key, an unknown table, and two verbs in one', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);

    await expect(write(server, [put('a'), addOne('a')])).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Transaction request cannot include multiple operations on one item',
    });
    await expect(write(server, [put('')])).rejects.toMatchObject({
      name: 'ValidationException',
      message:
        'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id',
    });
    await expect(write(server, [put('a', { TableName: 'Unknown' })])).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Requested resource not found',
    });
    await expect(write(server, [{ ...put('a'), ...addOne('b') }])).rejects.toMatchObject({
      message: 'TransactItems can only contain one of Check, Put, Update or Delete',
    });
  });

  it('happens once per client request token, for ten minutes of the clock', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);

    await write(server, [addOne('counter')], 'token');
    await server.clock.advanceBy(10 * 60_000 - 1);
    await write(server, [addOne('counter')], 'token');
    expect(await itemOf(server, 'counter')).toMatchObject({ runs: { N: '1' } });

    await server.clock.advanceBy(1);
    await write(server, [addOne('counter')], 'token');
    expect(await itemOf(server, 'counter')).toMatchObject({ runs: { N: '2' } });
  });

  it('refuses a token that stood for another transaction', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await write(server, [addOne('counter')], 'token');

    await expect(write(server, [addOne('other')], 'token')).rejects.toMatchObject({
      name: 'IdempotentParameterMismatchException',
    });
  });

  it('lets a token be used again after a cancelled transaction', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    const claim = [put('a', { ConditionExpression: 'attribute_not_exists(id)' })];
    await server.client.send(new PutItemCommand({ TableName: TABLE, Item: keyOf('a') }));
    await expect(write(server, claim, 'token')).rejects.toThrow('cancelled');

    await write(server, [put('b')], 'token');

    expect(await itemOf(server, 'b')).toBeDefined();
  });

  it('makes one of many at once win, without a partial write', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);

    const tries = await Promise.allSettled(
      Array.from({ length: 30 }, () =>
        write(server, [
          addOne('counter'),
          put('claim', { ConditionExpression: 'attribute_not_exists(id)' }),
        ]),
      ),
    );

    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await itemOf(server, 'counter')).toMatchObject({ runs: { N: '1' } });
  });
});

describe('TransactGetItems', () => {
  it('gives each item in its place, projected, and nothing for one that is not there', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    const item = { ...keyOf('a'), note: { S: 'n' }, other: { S: 'o' } };
    await server.client.send(new PutItemCommand({ TableName: TABLE, Item: item }));

    const { Responses } = await server.client.send(
      new TransactGetItemsCommand({
        TransactItems: [
          { Get: { TableName: TABLE, Key: keyOf('absent') } },
          { Get: { TableName: TABLE, Key: keyOf('a'), ProjectionExpression: 'note' } },
        ],
      }),
    );

    expect(Responses).toEqual([{}, { Item: { note: { S: 'n' } } }]);
  });

  it('is cancelled with a reason by a key that does not fit the table', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);

    const get = server.client.send(
      new TransactGetItemsCommand({
        TransactItems: [{ Get: { TableName: TABLE, Key: { id: { S: 'a' } } } }],
      }),
    );

    await expect(get).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [
        {
          Code: 'ValidationError',
          Message: 'The provided key element does not match the schema',
        },
      ],
    });
  });
});
