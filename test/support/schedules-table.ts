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
  for (const table of [SCHEDULES_TABLE, USAGE_TABLE])
    await server.client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          'scheduleId',
          'part',
          ...(table === SCHEDULES_TABLE ? ['kind'] : []),
        ].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
        KeySchema: keys('scheduleId', 'part'),
        ...(table === SCHEDULES_TABLE && {
          GlobalSecondaryIndexes: [
            {
              IndexName: 'byId',
              KeySchema: keys('kind', 'scheduleId'),
              Projection: { ProjectionType: 'KEYS_ONLY' as const },
            },
          ],
        }),
      }),
    );
  const client = DynamoDBDocumentClient.from(server.client);
  return { server, client, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

function keys(partition: string, sort: string) {
  return [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: sort, KeyType: 'RANGE' as const },
  ];
}
