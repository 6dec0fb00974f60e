import {
  BatchWriteItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { OPERATOR } from '#local/iam/caller.ts';
import { ACCESS_DENIED, ServiceFault } from '#local/services/local-service.ts';
import { makeTable, TABLE } from '#test/support/dynamodb-table.ts';
import { serveDynamoDb } from '#test/support/serve-dynamodb.ts';

const ARN = `arn:aws:dynamodb:us-east-1:000000000000:table/${TABLE}`;
const STREAM = `${ARN}/stream/2026-11-23T09:00:00.000`;
const Key = { id: { S: 'daily' }, part: { S: '1' } };

const requestOf = (target: string, body: object | string) => ({
  method: 'POST',
  path: '/',
  query: new URLSearchParams(),
  headers: { 'x-amz-target': target },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  caller: OPERATOR,
  sourceIp: '127.0.0.1',
});

it('asks for each action on the table or index that it touches', async () => {
  await using server = await serveDynamoDb();
  await makeTable(server);
  server.asked.length = 0;
  const byDay = {
    TableName: TABLE,
    IndexName: 'byDay',
    KeyConditionExpression: '#d = :d',
    ExpressionAttributeNames: { '#d': 'day' },
    ExpressionAttributeValues: { ':d': { S: 'mon' } },
  };

  await server.client.send(new PutItemCommand({ TableName: ARN, Item: Key }));
  await server.client.send(new QueryCommand(byDay));
  await server.client.send(new ScanCommand({ TableName: TABLE }));
  await server.client.send(
    new BatchWriteItemCommand({ RequestItems: { [TABLE]: [{ DeleteRequest: { Key } }] } }),
  );
  await server.client.send(new ListTablesCommand({}));

  expect(server.asked).toEqual([
    `dynamodb:PutItem ${ARN}`,
    `dynamodb:Query ${ARN}/index/byDay`,
    `dynamodb:Scan ${ARN}`,
    `dynamodb:BatchWriteItem ${ARN}`,
    'dynamodb:ListTables *',
  ]);
});

it('asks for the single action of each part of a transaction', async () => {
  await using server = await serveDynamoDb();
  await makeTable(server);
  server.asked.length = 0;
  const part = (name: string) => ({ ...Key, part: { S: name } });
  const check = { ConditionExpression: 'attribute_not_exists(id)' };

  await server.client.send(
    new TransactWriteItemsCommand({
      TransactItems: [
        { ConditionCheck: { TableName: TABLE, Key: part('1'), ...check } },
        { Put: { TableName: TABLE, Item: part('2') } },
        { Update: { TableName: TABLE, Key: part('3'), UpdateExpression: 'REMOVE x' } },
        { Delete: { TableName: TABLE, Key: part('4') } },
      ],
    }),
  );
  await server.client.send(
    new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName: TABLE, Key } }] }),
  );

  expect(server.asked).toEqual(
    ['ConditionCheckItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'GetItem'].map(
      (action) => `dynamodb:${action} ${ARN}`,
    ),
  );
});

it('asks for the stream itself, and to list streams for all', async () => {
  await using server = await serveDynamoDb();
  const permissionOf = (operation: string, body: object) =>
    server.service
      .route(requestOf(`DynamoDBStreams_20120810.${operation}`, body))
      .permissions.map(({ action, resource }) => `${action} ${resource}`);

  expect(permissionOf('ListStreams', {})).toEqual(['dynamodb:ListStreams *']);
  expect(permissionOf('DescribeStream', { StreamArn: STREAM })).toEqual([
    `dynamodb:DescribeStream ${STREAM}`,
  ]);
  expect(permissionOf('GetRecords', { ShardIterator: `${STREAM}|1|abc` })).toEqual([
    `dynamodb:GetRecords ${STREAM}`,
  ]);
});

it('words a refused call as DynamoDB does', async () => {
  await using server = await serveDynamoDb();
  const request = requestOf('DynamoDB_20120810.ListTables', {});

  const answer = server.service.renderFault(
    new ServiceFault(ACCESS_DENIED, 'User: x is not authorized', { status: 403 }),
    request,
  );

  expect(answer.status).toBe(400);
  expect(JSON.parse(String(answer.body))).toEqual({
    __type: 'com.amazon.coral.service#AccessDeniedException',
    Message: 'User: x is not authorized',
  });
});

it('refuses an unknown operation, and a body that is no JSON object', async () => {
  await using server = await serveDynamoDb();
  const route = (target: string, body: string) => () =>
    server.service.route(requestOf(target, body));

  expect(route('DynamoDB_20120810.ExecuteStatement', '{}')).toThrow(
    expect.objectContaining({ code: 'UnknownOperationException' }),
  );
  expect(route('DynamoDB_20120810.ListTables', '[]')).toThrow(
    expect.objectContaining({ code: 'SerializationException' }),
  );
  expect(route('DynamoDB_20120810.ListTables', '{')).toThrow(
    expect.objectContaining({ code: 'SerializationException' }),
  );
});
