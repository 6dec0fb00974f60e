import {
  type DynamoDBDocumentClient,
  GetCommand,
  type GetCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';
import type { JobWatch } from '#shared/ports/job-watch.ts';

/** Watches jobs in the Jobs table. */
export function createJobWatch(client: DynamoDBDocumentClient, table: string): JobWatch {
  return {
    look: async ({ key, attempt, owner }) => {
      try {
        const { Item } = await client.send(new GetCommand(lookParams(table, key)));
        const row: Readonly<Record<string, unknown>> = Object(Item);
        const isOurs =
          row['state'] === 'running' && row['attempt'] === attempt && row['owner'] === owner;
        if (!isOurs) return 'taken';
        return row['cancelRequested'] === undefined ? 'wanted' : 'cancelled';
      } catch (error) {
        return throwUnavailable(error, 'the Jobs table');
      }
    },
  };
}

function lookParams(table: string, { scheduleId, fireTime }: JobKey): GetCommandInput {
  const names = ['state', 'attempt', 'owner', 'cancelRequested'];
  return {
    TableName: table,
    Key: { scheduleId, fireTime },
    ConsistentRead: true,
    ProjectionExpression: names.map((name) => `#${name}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
  };
}
