import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { makeTable, TABLE } from '#test/support/dynamodb-table.ts';
import {
  DYNAMODB_START_MS,
  type DynamoDbServer,
  serveDynamoDb,
} from '#test/support/serve-dynamodb.ts';

const STREAM = `arn:aws:dynamodb:us-east-1:000000000000:table/${TABLE}/stream/2026-11-23T09:00:00.000`;
const HOUR_MS = 60 * 60_000;

async function scratchDirectory() {
  const path = await mkdtemp(join(tmpdir(), 'dynamodb-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

const keyOf = (id: string) => ({ id: { S: id }, part: { S: '1' } });

const put = (server: { client: DynamoDBClient }, id: string, attributes: object = {}) =>
  server.client.send(
    new PutItemCommand({ TableName: TABLE, Item: { ...keyOf(id), ...attributes } }),
  );

async function countIn(server: DynamoDbServer, IndexName?: string) {
  return (await server.client.send(new ScanCommand({ TableName: TABLE, IndexName }))).Count;
}

const allRecords = (server: DynamoDbServer) =>
  server.service.streams.read(STREAM, { after: undefined, limit: 100_000 });

describe('a data directory', () => {
  it('keeps items, indexes, stream records and tokens, and goes on counting', async () => {
    await using directory = await scratchDirectory();
    const transact = (server: DynamoDbServer) =>
      server.client.send(
        new TransactWriteItemsCommand({
          ClientRequestToken: 'token',
          TransactItems: [
            {
              Update: {
                TableName: TABLE,
                Key: keyOf('counter'),
                UpdateExpression: 'ADD runs :one',
                ExpressionAttributeValues: { ':one': { N: '1' } },
              },
            },
          ],
        }),
      );
    {
      await using server = await serveDynamoDb({ dataDir: directory.path });
      await makeTable(server);
      await put(server, 'a', { day: { S: 'mon' } });
      await transact(server);
    }

    await using server = await serveDynamoDb({ dataDir: directory.path });
    await transact(server);
    await put(server, 'b', { day: { S: 'mon' } });

    const { Item } = await server.client.send(
      new GetItemCommand({ TableName: TABLE, Key: keyOf('counter') }),
    );
    expect(Item).toMatchObject({ runs: { N: '1' } });
    expect(await countIn(server)).toBe(3);
    expect(await countIn(server, 'byDay')).toBe(2);
    const numbers = (await allRecords(server)).map(({ dynamodb }) => dynamodb.SequenceNumber);
    expect(numbers).toHaveLength(3);
    expect(numbers).toEqual([...new Set(numbers)].toSorted());
  });

  it('never gives a sequence number again, even when all records are too old to be kept', async () => {
    await using directory = await scratchDirectory();
    let last: string | undefined;
    {
      await using server = await serveDynamoDb({ dataDir: directory.path });
      await makeTable(server);
      await put(server, 'a');
      last = (await allRecords(server)).at(-1)?.dynamodb.SequenceNumber;
    }

    await using server = await serveDynamoDb({
      dataDir: directory.path,
      start: DYNAMODB_START_MS + 30 * 24 * HOUR_MS,
    });
    await put(server, 'b');

    const records = await allRecords(server);
    expect(records).toHaveLength(1);
    expect(BigInt(records[0]?.dynamodb.SequenceNumber ?? 0)).toBe(BigInt(last ?? 0) + 1n);
  });

  it('has what expired while it was closed deleted after the next start', async () => {
    await using directory = await scratchDirectory();
    {
      await using server = await serveDynamoDb({ dataDir: directory.path });
      await makeTable(server);
      await server.client.send(
        new UpdateTimeToLiveCommand({
          TableName: TABLE,
          TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        }),
      );
      await put(server, 'a', { expiresAt: { N: String(DYNAMODB_START_MS / 1000 + 60) } });
    }

    await using server = await serveDynamoDb({
      dataDir: directory.path,
      start: DYNAMODB_START_MS + HOUR_MS,
    });
    await server.clock.advanceBy(10 * 60_000);

    expect(await countIn(server)).toBe(0);
    expect((await allRecords(server)).at(-1)?.eventName).toBe('REMOVE');
  });

  it('has every item with its record, and every answered write, after the process is killed', async () => {
    await using directory = await scratchDirectory();
    const child = fork(
      new URL(import.meta.resolve('#test/support/run-dynamodb.ts')),
      [directory.path],
      {
        execArgv: ['--disable-warning=ExperimentalWarning'],
      },
    );
    const [url] = await once(child, 'message');
    const client = new DynamoDBClient({
      region: 'us-east-1',
      endpoint: String(url),
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
    await makeTable({ client });
    const answered: string[] = [];
    const writeOn = async (writer: number) => {
      for (let n = 0; ; n += 1) {
        await put({ client }, `${writer}-${n}`, { day: { S: 'mon' } });
        answered.push(`${writer}-${n}`);
        if (answered.length === 200) child.kill('SIGKILL');
      }
    };

    await Promise.allSettled(Array.from({ length: 8 }, (_, writer) => writeOn(writer)));

    client.destroy();
    await using server = await serveDynamoDb({ dataDir: directory.path });
    const { Items = [] } = await server.client.send(new ScanCommand({ TableName: TABLE }));
    const ids = Items.map((item) => item['id']?.S ?? '').toSorted();
    const recorded = (await allRecords(server)).map(({ dynamodb }) => dynamodb.Keys['id']?.S ?? '');
    expect(ids).toEqual(expect.arrayContaining(answered));
    expect(recorded.toSorted()).toEqual(ids);
    expect(await countIn(server, 'byDay')).toBe(ids.length);
  });
});
