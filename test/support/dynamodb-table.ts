import { CreateTableCommand, type CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { DynamoDbServer } from '#test/support/serve-dynamodb.ts';

/** The name of the table that {@link makeTable} makes. */
export const TABLE = 'Jobs';

/**
 * Makes a table with two indexes and a stream: `byTask` (task, size) with all attributes, and `byDay` (day) with
 * `note` beside the keys.
 */
export async function makeTable(
  server: Pick<DynamoDbServer, 'client'>,
  changes: Partial<CreateTableCommandInput> = {},
): Promise<void> {
  await server.client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'part', AttributeType: 'S' },
        { AttributeName: 'task', AttributeType: 'S' },
        { AttributeName: 'size', AttributeType: 'N' },
        { AttributeName: 'day', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'id', KeyType: 'HASH' },
        { AttributeName: 'part', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byTask',
          KeySchema: [
            { AttributeName: 'task', KeyType: 'HASH' },
            { AttributeName: 'size', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
        {
          IndexName: 'byDay',
          KeySchema: [{ AttributeName: 'day', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['note'] },
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      ...changes,
    }),
  );
}
