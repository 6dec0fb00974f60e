import {
  type DynamoDBDocumentClient,
  GetCommand,
  type GetCommandInput,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { jobConditions } from '#shared/adapters/dynamodb/job-conditions.ts';
import { jobFromItem, LISTED_ATTRIBUTES } from '#shared/adapters/dynamodb/job-item.ts';
import { readCostOf, TELL_UNITS } from '#shared/adapters/dynamodb/read-cost-of.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
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
      const answer = await answered(client.send(new QueryCommand(listParams(table, listing))));
      const next: unknown = answer.LastEvaluatedKey?.['fireTime'];
      return {
        jobs: (answer.Items ?? []).map(jobFromItem),
        ...(typeof next === 'string' && { next }),
        cost: readCostOf(answer),
      };
    },
  };
}

function getParams(table: string, { scheduleId, fireTime }: JobKey): GetCommandInput {
  return { TableName: table, Key: { scheduleId, fireTime }, ConsistentRead: true };
}

/** Comes before every sort key of a job. */
const FIRST_FIRE_TIME = '0';

/** Comes after every sort key that begins with the same instant: those of manual and direct jobs have `~` and digits and letters behind it. */
const AFTER_ALL = '~~';

function listParams(table: string, listing: JobListing): QueryCommandInput {
  const { scheduleId, filter, from, to, limit, after, now } = listing;
  const { expression, names, values } = jobConditions(filter, now);
  return {
    TableName: table,
    KeyConditionExpression: 'scheduleId = :scheduleId AND #fireTime BETWEEN :from AND :to',
    FilterExpression: expression,
    ExpressionAttributeValues: {
      ...values,
      ':scheduleId': scheduleId,
      ':from': from === undefined ? FIRST_FIRE_TIME : toIso(from),
      ':to': to === undefined ? AFTER_ALL : `${toIso(to)}${AFTER_ALL}`,
    },
    ProjectionExpression: LISTED_ATTRIBUTES.map((name) => `#${name}`).join(', '),
    ExpressionAttributeNames: {
      ...names,
      ...Object.fromEntries(LISTED_ATTRIBUTES.map((name) => [`#${name}`, name])),
    },
    ScanIndexForward: false,
    Limit: limit,
    ...(after !== undefined && { ExclusiveStartKey: { scheduleId, fireTime: after } }),
    ...TELL_UNITS,
  };
}

async function answered<T>(sending: Promise<T>): Promise<T> {
  try {
    return await sending;
  } catch (error) {
    return throwUnavailable(error, 'the Jobs table');
  }
}
