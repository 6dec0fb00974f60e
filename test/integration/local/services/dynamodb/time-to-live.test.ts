import {
  DescribeTimeToLiveCommand,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { makeTable, TABLE } from '#test/support/dynamodb-table.ts';
import {
  DYNAMODB_START_MS,
  type DynamoDbServer,
  serveDynamoDb,
} from '#test/support/serve-dynamodb.ts';

const NOW = DYNAMODB_START_MS / 1000;
const MINUTE_MS = 60_000;
const YEAR = 365 * 24 * 60 * 60;

const keyOf = (id: string) => ({ id: { S: id }, part: { S: '1' } });

const put = (server: DynamoDbServer, id: string, expiresAt: object) =>
  server.client.send(
    new PutItemCommand({ TableName: TABLE, Item: { ...keyOf(id), ...expiresAt } }),
  );

const enable = (server: DynamoDbServer, Enabled = true, AttributeName = 'expiresAt') =>
  server.client.send(
    new UpdateTimeToLiveCommand({
      TableName: TABLE,
      TimeToLiveSpecification: { AttributeName, Enabled },
    }),
  );

async function idsIn(server: DynamoDbServer) {
  const { Items = [] } = await server.client.send(new ScanCommand({ TableName: TABLE }));
  return Items.map((item) => item['id']?.S).toSorted();
}

describe('time to live', () => {
  it('leaves an expired item to be seen for a while, and deletes it within 10 minutes', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await enable(server);
    await put(server, 'a', { expiresAt: { N: String(NOW + 60) } });

    await server.clock.advanceBy(MINUTE_MS + 1000);
    expect(await idsIn(server)).toEqual(['a']);

    await server.clock.advanceBy(10 * MINUTE_MS);
    expect(await idsIn(server)).toEqual([]);
  });

  it('records the removal as a service did it', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await enable(server);
    await put(server, 'a', { expiresAt: { N: String(NOW + 60) } });

    await server.clock.advanceBy(11 * MINUTE_MS);

    const arn = `arn:aws:dynamodb:us-east-1:000000000000:table/${TABLE}/stream/2026-11-23T09:00:00.000`;
    const records = await server.service.streams.read(arn, { after: undefined, limit: 10 });
    expect(records.at(-1)).toMatchObject({
      eventName: 'REMOVE',
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
      dynamodb: { OldImage: { ...keyOf('a'), expiresAt: { N: String(NOW + 60) } } },
    });
  });

  it('takes only a Number of seconds, and none that is over five years past', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await enable(server);
    await put(server, 'string', { expiresAt: { S: String(NOW) } });
    await put(server, 'milliseconds', { expiresAt: { N: String(NOW * 1000) } });
    await put(server, 'ancient', { expiresAt: { N: String(NOW - 5 * YEAR - 1) } });
    await put(server, 'old', { expiresAt: { N: String(NOW - 4 * YEAR) } });
    await put(server, 'fraction', { expiresAt: { N: `${NOW}.5` } });
    await put(server, 'huge', { expiresAt: { N: '1e100' } });
    await put(server, 'none', {});

    await server.clock.advanceBy(24 * 60 * MINUTE_MS);

    expect(await idsIn(server)).toEqual(['ancient', 'huge', 'milliseconds', 'none', 'string']);
  });

  it('spares an item whose expiry is moved or taken away in time', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await enable(server);
    for (const id of ['moved', 'taken', 'left'])
      await put(server, id, { expiresAt: { N: String(NOW + 60) } });

    await put(server, 'moved', { expiresAt: { N: String(NOW + 3600) } });
    await server.client.send(
      new UpdateItemCommand({
        TableName: TABLE,
        Key: keyOf('taken'),
        UpdateExpression: 'REMOVE expiresAt',
      }),
    );
    await server.clock.advanceBy(20 * MINUTE_MS);
    expect(await idsIn(server)).toEqual(['moved', 'taken']);

    await server.clock.advanceBy(60 * MINUTE_MS);
    expect(await idsIn(server)).toEqual(['taken']);
  });

  it('deletes what had expired before it was switched on, and nothing once it is off', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await put(server, 'before', { expiresAt: { N: String(NOW - 60) } });
    await put(server, 'later', { expiresAt: { N: String(NOW + 3600) } });

    await enable(server);
    await server.clock.advanceBy(10 * MINUTE_MS);
    expect(await idsIn(server)).toEqual(['later']);

    await enable(server, false);
    await server.clock.advanceBy(120 * MINUTE_MS);
    expect(await idsIn(server)).toEqual(['later']);
  });

  it('takes any number of items in one pass', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await enable(server);
    await Promise.all(
      Array.from({ length: 250 }, (_, n) =>
        put(server, `job-${n}`, { expiresAt: { N: String(NOW + (n % 60)) } }),
      ),
    );

    await server.clock.advanceBy(10 * MINUTE_MS);

    expect(await idsIn(server)).toEqual([]);
  });

  it('can be described, and is not switched twice', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    const describeIt = async () =>
      (await server.client.send(new DescribeTimeToLiveCommand({ TableName: TABLE })))
        .TimeToLiveDescription;
    expect(await describeIt()).toEqual({ TimeToLiveStatus: 'DISABLED' });

    await enable(server);

    expect(await describeIt()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' });
    await expect(enable(server)).rejects.toThrow('TimeToLive is already enabled');
    await expect(enable(server, true, 'other')).rejects.toThrow(
      'TimeToLive is active on a different AttributeName: current AttributeName is expiresAt',
    );
  });

  it('uses no write units', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await enable(server);
    await put(server, 'a', { expiresAt: { N: String(NOW) } });
    const before = server.service.writeUnits(TABLE);

    await server.clock.advanceBy(10 * MINUTE_MS);

    expect(
      await server.client.send(new GetItemCommand({ TableName: TABLE, Key: keyOf('a') })),
    ).not.toHaveProperty('Item');
    expect(server.service.writeUnits(TABLE)).toBe(before);
  });
});
