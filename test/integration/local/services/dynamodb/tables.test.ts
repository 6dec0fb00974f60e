import {
  type AttributeValue,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { makeTable, TABLE } from '#test/support/dynamodb-table.ts';
import { serveDynamoDb } from '#test/support/serve-dynamodb.ts';

const ARN = `arn:aws:dynamodb:us-east-1:000000000000:table/${TABLE}`;
const KEY = { id: { S: 'daily' }, part: { S: '1' } };

describe('a table', () => {
  it('is ready at once, and described by its name and its ARN', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);

    const { Table } = await server.client.send(new DescribeTableCommand({ TableName: ARN }));

    expect(Table).toMatchObject({
      TableName: TABLE,
      TableArn: ARN,
      TableStatus: 'ACTIVE',
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      LatestStreamArn: `${ARN}/stream/2026-11-23T09:00:00.000`,
      DeletionProtectionEnabled: false,
      CreationDateTime: new Date('2026-11-23T09:00:00Z'),
    });
    expect(
      Table?.GlobalSecondaryIndexes?.map((index) => [index.IndexName, index.IndexStatus]),
    ).toEqual([
      ['byTask', 'ACTIVE'],
      ['byDay', 'ACTIVE'],
    ]);
  });

  it('is made once, listed by pages, and unknown when it was not made', async () => {
    await using server = await serveDynamoDb();
    for (const TableName of ['two', 'one', 'three']) await makeTable(server, { TableName });

    const first = await server.client.send(new ListTablesCommand({ Limit: 2 }));
    const rest = await server.client.send(
      new ListTablesCommand({ ExclusiveStartTableName: first.LastEvaluatedTableName }),
    );

    expect([first.TableNames, rest.TableNames]).toEqual([['one', 'three'], ['two']]);
    await expect(makeTable(server, { TableName: 'one' })).rejects.toMatchObject({
      name: 'ResourceInUseException',
      message: 'Table already exists: one',
    });
    await expect(
      server.client.send(new DescribeTableCommand({ TableName: 'none' })),
    ).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Requested resource not found: Table: none not found',
    });
  });

  it('is deleted with its items, unless it is protected', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server, { DeletionProtectionEnabled: true });
    await server.client.send(
      new PutItemCommand({ TableName: TABLE, Item: { ...KEY, day: { S: 'd' } } }),
    );
    const remove = () => server.client.send(new DeleteTableCommand({ TableName: TABLE }));

    await expect(remove()).rejects.toThrow(
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    );
    await server.client.send(
      new UpdateTableCommand({ TableName: TABLE, DeletionProtectionEnabled: false }),
    );
    await remove();

    await makeTable(server);
    for (const IndexName of [undefined, 'byDay'])
      expect(
        (await server.client.send(new ScanCommand({ TableName: TABLE, IndexName }))).Count,
      ).toBe(0);
  });

  it('gets an index that also holds the items from before, and loses one', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await server.client.send(
      new PutItemCommand({ TableName: TABLE, Item: { ...KEY, owner: { S: 'me' } } }),
    );

    await server.client.send(
      new UpdateTableCommand({
        TableName: TABLE,
        AttributeDefinitions: [
          ...['id', 'part', 'task', 'owner'].map((AttributeName) => ({
            AttributeName,
            AttributeType: 'S' as const,
          })),
          { AttributeName: 'size', AttributeType: 'N' },
        ],
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: 'byOwner',
              KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
              Projection: { ProjectionType: 'KEYS_ONLY' },
            },
          },
          { Delete: { IndexName: 'byDay' } },
        ],
      }),
    );

    const { Items } = await server.client.send(
      new QueryCommand({
        TableName: TABLE,
        IndexName: 'byOwner',
        KeyConditionExpression: '#o = :o',
        ExpressionAttributeNames: { '#o': 'owner' },
        ExpressionAttributeValues: { ':o': { S: 'me' } },
      }),
    );
    expect(Items).toEqual([{ ...KEY, owner: { S: 'me' } }]);
    await expect(
      server.client.send(new ScanCommand({ TableName: TABLE, IndexName: 'byDay' })),
    ).rejects.toThrow('The table does not have the specified index: byDay');
  });

  it('keeps tags, and says that nothing is backed up', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server, { Tags: [{ Key: 'a', Value: '1' }] });
    await server.client.send(
      new TagResourceCommand({ ResourceArn: ARN, Tags: [{ Key: 'b', Value: '2' }] }),
    );
    await server.client.send(new UntagResourceCommand({ ResourceArn: ARN, TagKeys: ['a'] }));

    const { Tags } = await server.client.send(new ListTagsOfResourceCommand({ ResourceArn: ARN }));
    const backups = await server.client.send(
      new DescribeContinuousBackupsCommand({ TableName: TABLE }),
    );

    expect(Tags).toEqual([{ Key: 'b', Value: '2' }]);
    expect(backups.ContinuousBackupsDescription).toMatchObject({
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    });
  });
});

describe('an index that is added later', () => {
  it('leaves out values of another type, and does not stand in the way of their items', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server, {
      GlobalSecondaryIndexes: undefined,
      AttributeDefinitions: ['id', 'part'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S' as const,
      })),
    });
    const odd = { ...KEY, owner: { N: '1' }, runs: { N: '3' } };
    await server.client.send(new PutItemCommand({ TableName: TABLE, Item: odd }));
    await server.client.send(
      new UpdateTableCommand({
        TableName: TABLE,
        AttributeDefinitions: ['id', 'part', 'owner'].map((AttributeName) => ({
          AttributeName,
          AttributeType: 'S' as const,
        })),
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: 'byOwner',
              KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
              Projection: { ProjectionType: 'ALL' },
            },
          },
        ],
      }),
    );
    const update = (UpdateExpression: string, values?: Record<string, AttributeValue>) =>
      server.client.send(
        new UpdateItemCommand({
          TableName: TABLE,
          Key: KEY,
          UpdateExpression,
          ExpressionAttributeNames: { '#o': 'owner' },
          ExpressionAttributeValues: values,
        }),
      );

    const { Attributes } = await server.client.send(
      new UpdateItemCommand({
        TableName: TABLE,
        Key: KEY,
        UpdateExpression: 'SET note = :n',
        ExpressionAttributeValues: { ':n': { S: 'n' } },
        ReturnValues: 'ALL_NEW',
      }),
    );

    expect(Attributes).toEqual({ ...odd, note: { S: 'n' } });
    await expect(update('SET #o = :two', { ':two': { N: '2' } })).rejects.toThrow(
      'Type mismatch for Index Key owner Expected: S Actual: N IndexName: byOwner',
    );
    await expect(update('SET #o = runs')).rejects.toThrow(
      'The update expression attempted to update the secondary index key to unsupported type',
    );
  });
});
