import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type DynamoDbServer, serveDynamoDb } from '#test/support/serve-dynamodb.ts';

/** The names of the tables that {@link serveScheduleTables} makes. */
export const SCHEDULES_TABLE = 'Schedules';
export const USAGE_TABLE = 'Usage';

/** A Schedules and a Usage table with the stack's keys and index, on a local DynamoDB. */
export interface ScheduleTables extends AsyncDisposable {
  readonly server: DynamoDbServer;
  readonly client: DynamoDBDocumentClient;
}

/** Serves fresh tables. */
export async function serveScheduleTables(): Promise<ScheduleTables> {
  const server = await serveDynamoDb();
  await makeSchedulesTable(server);
  await makeTable(server, USAGE_TABLE);
  const client = DynamoDBDocumentClient.from(server.client);
  return { server, client, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** Makes a Schedules table, empty. */
export async function makeSchedulesTable(server: DynamoDbServer): Promise<void> {
  await makeTable(server, SCHEDULES_TABLE);
}

async function makeTable(server: DynamoDbServer, table: string): Promise<void> {
  await server.client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['scheduleId', 'part', 'kind'].map((name) => ({
        AttributeName: name,
        AttributeType: 'S',
      })),
      KeySchema: keys('scheduleId', 'part'),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byId',
          KeySchema: keys('kind', 'scheduleId'),
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  );
}

function keys(partition: string, sort: string) {
  return [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: sort, KeyType: 'RANGE' as const },
  ];
}
