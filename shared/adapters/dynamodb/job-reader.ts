import {
  type DynamoDBDocumentClient,
  GetCommand,
  type GetCommandInput,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { jobFromItem, LISTED_ATTRIBUTES } from '#shared/adapters/dynamodb/job-item.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';
import type { JobListing, JobPage, JobReader } from '#shared/ports/job-store.ts';

/** Reads jobs from the Jobs table. */
export function createJobReader(client: DynamoDBDocumentClient, table: string): JobReader {
  return {
    get: async (key) => {
      const { Item } = await answered(client.send(new GetCommand(getParams(table, key))));
      return Item && jobFromItem(Item);
    },
    list: async (listing): Promise<JobPage> => {
      const { Items = [], LastEvaluatedKey } = await answered(
        client.send(new QueryCommand(listParams(table, listing))),
      );
      const next: unknown = LastEvaluatedKey?.['fireTime'];
      return { jobs: Items.map(jobFromItem), ...(typeof next === 'string' && { next }) };
    },
  };
}

function getParams(table: string, { scheduleId, fireTime }: JobKey): GetCommandInput {
  return { TableName: table, Key: { scheduleId, fireTime }, ConsistentRead: true };
}

/** DynamoDB deletes days after the expiry, so what has expired is left out here; a job that still runs has no expiry. */
const HAS_NOT_EXPIRED = 'attribute_not_exists(expiresAt) OR expiresAt > :now';

function listParams(table: string, listing: JobListing): QueryCommandInput {
  const { scheduleId, limit, after, now } = listing;
  return {
    TableName: table,
    KeyConditionExpression: 'scheduleId = :scheduleId',
    FilterExpression: HAS_NOT_EXPIRED,
    ExpressionAttributeValues: { ':scheduleId': scheduleId, ':now': now },
    ProjectionExpression: LISTED_ATTRIBUTES.map((name) => `#${name}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(
      LISTED_ATTRIBUTES.map((name) => [`#${name}`, name]),
    ),
    ScanIndexForward: false,
    Limit: limit,
    ...(after !== undefined && { ExclusiveStartKey: { scheduleId, fireTime: after } }),
  };
}

async function answered<T>(sending: Promise<T>): Promise<T> {
  try {
    return await sending;
  } catch (error) {
    return throwUnavailable(error, 'the Jobs table');
  }
}
