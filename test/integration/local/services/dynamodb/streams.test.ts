import {
  DeleteItemCommand,
  DescribeTableCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { makeTable, TABLE } from '#test/support/dynamodb-table.ts';
import {
  DYNAMODB_START_MS,
  type DynamoDbServer,
  serveDynamoDb,
} from '#test/support/serve-dynamodb.ts';

const KEY = { id: { S: 'daily' }, part: { S: '1' } };
const HOUR_MS = 60 * 60_000;

const put = (server: DynamoDbServer, attributes: object = {}) =>
  server.client.send(new PutItemCommand({ TableName: TABLE, Item: { ...KEY, ...attributes } }));

async function streamArnOf(server: DynamoDbServer): Promise<string> {
  const { Table } = await server.client.send(new DescribeTableCommand({ TableName: TABLE }));
  return Table?.LatestStreamArn ?? '';
}

async function recordsOf(server: DynamoDbServer) {
  return server.service.streams.read(await streamArnOf(server), { after: undefined, limit: 100 });
}

const Answer = z.looseObject({
  __type: z.string().optional(),
  ShardIterator: z.string().optional(),
  NextShardIterator: z.string().optional(),
  Records: z.array(z.looseObject({ eventName: z.string() })).optional(),
  StreamDescription: z
    .looseObject({ Shards: z.array(z.looseObject({ ShardId: z.string() })) })
    .optional(),
});

/** There is no streams client among the dependencies; the protocol is plain. */
async function call(server: DynamoDbServer, operation: string, body: object) {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDBStreams_20120810.${operation}`,
    },
    body: JSON.stringify(body),
  });
  return Answer.parse(await response.json());
}

async function iterator(server: DynamoDbServer, options: object): Promise<string> {
  const StreamArn = await streamArnOf(server);
  const { StreamDescription } = await call(server, 'DescribeStream', { StreamArn });
  const ShardId = StreamDescription?.Shards[0]?.ShardId;
  const { ShardIterator = '' } = await call(server, 'GetShardIterator', {
    StreamArn,
    ShardId,
    ...options,
  });
  return ShardIterator;
}

describe('a stream', () => {
  it('has a record of each change, as a Lambda function gets it', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    const streamArn = await streamArnOf(server);

    await put(server, { note: { S: 'one' } });
    await put(server, { note: { S: 'two' } });
    await server.client.send(new DeleteItemCommand({ TableName: TABLE, Key: KEY }));

    const records = await recordsOf(server);
    expect(records.map(({ eventName }) => eventName)).toEqual(['INSERT', 'MODIFY', 'REMOVE']);
    expect(records[1]).toEqual({
      eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventName: 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      dynamodb: {
        ApproximateCreationDateTime: DYNAMODB_START_MS / 1000,
        Keys: KEY,
        NewImage: { ...KEY, note: { S: 'two' } },
        OldImage: { ...KEY, note: { S: 'one' } },
        SequenceNumber: expect.stringMatching(/^\d{21}$/),
        SizeBytes: 50,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
      eventSourceARN: streamArn,
    });
    expect(records[2]?.dynamodb).not.toHaveProperty('NewImage');
    expect(records[2]).not.toHaveProperty('userIdentity');
  });

  it('has none of a write that changes nothing, in whatever order sets and attributes come', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await put(server, { tags: { SS: ['a', 'b'] }, map: { M: { x: { N: '1' }, y: { N: '2' } } } });

    await put(server, { map: { M: { y: { N: '2.0' }, x: { N: '1' } } }, tags: { SS: ['b', 'a'] } });
    await server.client.send(
      new UpdateItemCommand({ TableName: TABLE, Key: KEY, UpdateExpression: 'REMOVE absent' }),
    );
    await server.client.send(
      new DeleteItemCommand({ TableName: TABLE, Key: { ...KEY, id: { S: 'absent' } } }),
    );

    expect(await recordsOf(server)).toHaveLength(1);
  });

  it('takes the order of a list for a change', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);

    await put(server, { list: { L: [{ S: 'a' }, { S: 'b' }] } });
    await put(server, { list: { L: [{ S: 'b' }, { S: 'a' }] } });

    expect(await recordsOf(server)).toHaveLength(2);
  });

  it('has the records of a transaction, or none when it is cancelled', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    const items = (condition: string) => [
      { Put: { TableName: TABLE, Item: KEY } },
      {
        Put: {
          TableName: TABLE,
          Item: { ...KEY, part: { S: '2' } },
          ConditionExpression: condition,
        },
      },
    ];

    await server.client
      .send(new TransactWriteItemsCommand({ TransactItems: items('attribute_exists(id)') }))
      .catch(() => undefined);
    expect(await recordsOf(server)).toHaveLength(0);

    await server.client.send(
      new TransactWriteItemsCommand({ TransactItems: items('attribute_not_exists(id)') }),
    );
    expect(await recordsOf(server)).toHaveLength(2);
  });

  it.each([
    ['KEYS_ONLY', []],
    ['NEW_IMAGE', ['NewImage']],
    ['OLD_IMAGE', ['OldImage']],
  ] as const)('shows of an item what the view type %s says', async (StreamViewType, images) => {
    await using server = await serveDynamoDb();
    await makeTable(server, { StreamSpecification: { StreamEnabled: true, StreamViewType } });

    await put(server, { note: { S: 'one' } });
    await put(server, { note: { S: 'two' } });

    const last = (await recordsOf(server)).at(-1)?.dynamodb ?? {};
    expect(Object.keys(last).filter((name) => name.endsWith('Image'))).toEqual(images);
  });

  it('keeps a record for 24 hours of the clock', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await put(server, { n: { N: '1' } });
    await server.clock.advanceBy(HOUR_MS);
    await put(server, { n: { N: '2' } });

    await server.clock.advanceBy(23 * HOUR_MS - 1000);
    expect(await recordsOf(server)).toHaveLength(2);
    await server.clock.advanceBy(1000);
    expect(await recordsOf(server)).toHaveLength(1);
    await server.clock.advanceBy(48 * HOUR_MS);
    expect(await recordsOf(server)).toHaveLength(0);
  });

  it('tells its listeners before the writer has its answer, and no longer than asked', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    const heard: string[] = [];
    const stop = server.service.streams.onAppend(await streamArnOf(server), () =>
      heard.push(server.activity.underWay().join()),
    );

    await put(server);
    expect(heard).toEqual(['dynamodb PutItem by operator']);

    stop();
    await put(server, { note: { S: 'two' } });
    expect(heard).toHaveLength(1);
  });

  it('is read after a sequence number, to a limit', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    for (const n of ['1', '2', '3']) await put(server, { n: { N: n } });
    const streamArn = await streamArnOf(server);

    const [first] = await server.service.streams.read(streamArn, { after: undefined, limit: 1 });
    const rest = await server.service.streams.read(streamArn, {
      after: first?.dynamodb.SequenceNumber,
      limit: 10,
    });

    expect(rest.map((record) => record.dynamodb.NewImage?.['n']?.N)).toEqual(['2', '3']);
  });
});

describe('the streams API', () => {
  it('lists and describes the stream of a table', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    const StreamArn = await streamArnOf(server);

    const list = await call(server, 'ListStreams', { TableName: TABLE });
    const description = await call(server, 'DescribeStream', { StreamArn });

    expect(list).toEqual({
      Streams: [{ StreamArn, TableName: TABLE, StreamLabel: '2026-11-23T09:00:00.000' }],
    });
    expect(description.StreamDescription).toMatchObject({
      StreamArn,
      StreamStatus: 'ENABLED',
      StreamViewType: 'NEW_AND_OLD_IMAGES',
      Shards: [{ ShardId: expect.stringMatching(/^shardId-/) }],
    });
  });

  it('reads from the oldest record, from now on, and from a sequence number', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await put(server, { n: { N: '1' } });
    await put(server, { n: { N: '2' } });
    const [first] = await recordsOf(server);
    const SequenceNumber = first?.dynamodb.SequenceNumber;
    const latest = await iterator(server, { ShardIteratorType: 'LATEST' });
    await put(server, { n: { N: '3' } });
    const numbers = async (ShardIterator: string) =>
      (await call(server, 'GetRecords', { ShardIterator })).Records?.map(
        (record) =>
          z
            .object({ NewImage: z.object({ n: z.object({ N: z.string() }) }) })
            .parse(record['dynamodb']).NewImage.n.N,
      );

    expect(await numbers(await iterator(server, { ShardIteratorType: 'TRIM_HORIZON' }))).toEqual([
      '1',
      '2',
      '3',
    ]);
    expect(await numbers(latest)).toEqual(['3']);
    expect(
      await numbers(
        await iterator(server, { ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber }),
      ),
    ).toEqual(['1', '2', '3']);
    expect(
      await numbers(
        await iterator(server, { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber }),
      ),
    ).toEqual(['2', '3']);
  });

  it('goes on where the page before ended, until the iterator is 15 minutes old', async () => {
    await using server = await serveDynamoDb();
    await makeTable(server);
    await put(server, { n: { N: '1' } });
    await put(server, { n: { N: '2' } });
    const start = await iterator(server, { ShardIteratorType: 'TRIM_HORIZON' });

    const one = await call(server, 'GetRecords', { ShardIterator: start, Limit: 1 });
    const two = await call(server, 'GetRecords', { ShardIterator: one.NextShardIterator });
    await server.clock.advanceBy(15 * 60_000);
    const late = await call(server, 'GetRecords', { ShardIterator: one.NextShardIterator });

    expect(one.Records?.map((record) => record.eventName)).toEqual(['INSERT']);
    expect(two.Records?.map((record) => record.eventName)).toEqual(['MODIFY']);
    expect(late.__type).toMatch(/#ExpiredIteratorException$/);
  });
});
