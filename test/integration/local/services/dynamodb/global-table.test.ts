import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { deployTemplate } from '#local/template/deploy-template.ts';
import { type Json, parseTemplate } from '#local/template/parse-template.ts';
import { type DynamoDbServer, serveDynamoDb } from '#test/support/serve-dynamodb.ts';

const NAME = 'Almanac-dev-Jobs';

/** What aws-cdk-lib 2.276 synthesizes of a TableV2 with all that Almanac uses, and more. */
const PROPERTIES = {
  AttributeDefinitions: [
    { AttributeName: 'scheduleId', AttributeType: 'S' },
    { AttributeName: 'fireTime', AttributeType: 'S' },
    { AttributeName: 'dayShard', AttributeType: 'S' },
    { AttributeName: 'finishedAt', AttributeType: 'S' },
    { AttributeName: 'task', AttributeType: 'S' },
  ],
  BillingMode: 'PAY_PER_REQUEST',
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byDay',
      KeySchema: [
        { AttributeName: 'dayShard', KeyType: 'HASH' },
        { AttributeName: 'finishedAt', KeyType: 'RANGE' },
      ],
      Projection: { NonKeyAttributes: ['outcome', 'task'], ProjectionType: 'INCLUDE' },
    },
    {
      IndexName: 'byTask',
      KeySchema: [{ AttributeName: 'task', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'KEYS_ONLY' },
      WarmThroughput: { ReadUnitsPerSecond: 15_000, WriteUnitsPerSecond: 5000 },
    },
  ],
  KeySchema: [
    { AttributeName: 'scheduleId', KeyType: 'HASH' },
    { AttributeName: 'fireTime', KeyType: 'RANGE' },
  ],
  Replicas: [
    {
      ContributorInsightsSpecification: { Enabled: true },
      DeletionProtectionEnabled: true,
      GlobalSecondaryIndexes: [
        { ContributorInsightsSpecification: { Enabled: true }, IndexName: 'byDay' },
      ],
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      ReadOnDemandThroughputSettings: { MaxReadRequestUnits: 100 },
      Region: { Ref: 'AWS::Region' },
      Tags: [{ Key: 'stage', Value: 'dev' }],
    },
  ],
  SSESpecification: { SSEEnabled: false },
  StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
};

const PLACE = { stackName: 'Almanac-dev', region: 'us-east-1', account: '000000000000' };

function deploy(server: DynamoDbServer, changes: Record<string, Json> = {}) {
  const template = parseTemplate({
    Resources: {
      Jobs: { Type: 'AWS::DynamoDB::GlobalTable', Properties: { ...PROPERTIES, ...changes } },
    },
    Outputs: {
      Ref: { Value: { Ref: 'Jobs' } },
      ...Object.fromEntries(
        ['Arn', 'StreamArn', 'TableId'].map((name) => [
          name,
          { Value: { 'Fn::GetAtt': ['Jobs', name] } },
        ]),
      ),
    },
  });
  return deployTemplate(template, PLACE, server.service.resourceTypes);
}

async function describeJobs(server: DynamoDbServer) {
  const { Table } = await server.client.send(new DescribeTableCommand({ TableName: NAME }));
  return Table;
}

const ITEM = {
  scheduleId: { S: 'daily' },
  fireTime: { S: '2026-11-23T09:00:00Z' },
  task: { S: 'report' },
  expiresAt: { N: '1795424460' },
};

const put = (server: DynamoDbServer) =>
  server.client.send(new PutItemCommand({ TableName: NAME, Item: ITEM }));

const count = async (server: DynamoDbServer, IndexName?: string) =>
  (await server.client.send(new ScanCommand({ TableName: NAME, IndexName }))).Count;

async function scratchDirectory() {
  const path = await mkdtemp(join(tmpdir(), 'dynamodb-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

describe('AWS::DynamoDB::GlobalTable', () => {
  it('makes the table that the template describes, under the ARNs that it refers to', async () => {
    await using server = await serveDynamoDb();

    const { outputs } = await deploy(server);

    const table = await describeJobs(server);
    expect(outputs).toEqual({
      Ref: NAME,
      Arn: table?.TableArn,
      StreamArn: table?.LatestStreamArn,
      TableId: table?.TableId,
    });
    expect(table).toMatchObject({
      KeySchema: PROPERTIES.KeySchema,
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      DeletionProtectionEnabled: true,
    });
    expect(table?.GlobalSecondaryIndexes?.map((index) => index.IndexName)).toEqual([
      'byDay',
      'byTask',
    ]);
    const ttl = await server.client.send(new DescribeTimeToLiveCommand({ TableName: NAME }));
    expect(ttl.TimeToLiveDescription?.AttributeName).toBe('expiresAt');
  });

  it('takes the name that the template gives', async () => {
    await using server = await serveDynamoDb();

    const { outputs } = await deploy(server, { TableName: 'MyJobs' });

    expect(outputs['Arn']).toBe('arn:aws:dynamodb:us-east-1:000000000000:table/MyJobs');
  });

  it('leaves a table alone that is there already', async () => {
    await using directory = await scratchDirectory();
    const first = await (async () => {
      await using server = await serveDynamoDb({ dataDir: directory.path });
      const deployed = await deploy(server);
      await put(server);
      return deployed;
    })();

    await using server = await serveDynamoDb({ dataDir: directory.path, start: 'real' });
    const second = await deploy(server);

    expect(second.outputs).toEqual(first.outputs);
    expect(await count(server)).toBe(1);
  });

  it('follows changes of indexes and of the TTL attribute', async () => {
    await using server = await serveDynamoDb();
    await deploy(server, {
      GlobalSecondaryIndexes: [],
      TimeToLiveSpecification: { AttributeName: 'x', Enabled: false },
    });
    await put(server);

    await deploy(server);

    expect(await count(server, 'byTask')).toBe(1);
    await server.clock.advanceBy(11 * 60_000);
    expect(await count(server)).toBe(0);
    expect(await count(server, 'byTask')).toBe(0);
  });

  it('refuses another key schema, and says what helps', async () => {
    await using server = await serveDynamoDb();
    await deploy(server);

    const again = deploy(server, { KeySchema: PROPERTIES.KeySchema.slice(0, 1) });

    await expect(again).rejects.toThrow(
      'Expected table Almanac-dev-Jobs to keep its key schema scheduleId HASH S, fireTime RANGE S, got scheduleId HASH S. Its items cannot be carried over: drop the local data with `npm start -- --fresh`.',
    );
  });

  it('refuses a property that it knows nothing of', async () => {
    await using server = await serveDynamoDb();

    await expect(deploy(server, { ImportSourceSpecification: {} })).rejects.toThrow(
      'ImportSourceSpecification',
    );
  });
});
