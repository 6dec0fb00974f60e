import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { jobConditions } from '#shared/adapters/dynamodb/job-conditions.ts';
import { jobFromItem, LISTED_ATTRIBUTES } from '#shared/adapters/dynamodb/job-item.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';
import type { JobHistory, NewestSearch } from '#shared/ports/job-store.ts';

/** Looks back in the Jobs table. */
export function createJobHistory(client: DynamoDBDocumentClient, table: string): JobHistory {
  return {
    newest: (search) => findNewest(client, table, search),
    successBefore: async (key, now) => {
      const look = new QueryCommand(historyParams(table, key, now));
      const { Items = [] } = await answered(client.send(look));
      return Items.map(jobFromItem)[0];
    },
  };
}

/** Most schedules' last jobs have what is looked for; a row with its result may be large, and each row is paid for. */
const ROWS_OF_LOOK = [4, 32, 64];

async function findNewest(
  client: DynamoDBDocumentClient,
  table: string,
  search: NewestSearch,
): Promise<Job | undefined> {
  let from: Record<string, unknown> | undefined;
  for (const limit of ROWS_OF_LOOK) {
    const look = new QueryCommand({
      ...newestParams(table, search),
      Limit: limit,
      ...(from && { ExclusiveStartKey: from }),
    });
    const { Items = [], LastEvaluatedKey } = await answered(client.send(look));
    if (Items[0]) return jobFromItem(Items[0]);
    if (!LastEvaluatedKey) return undefined;
    from = LastEvaluatedKey;
  }
  return undefined;
}

/** Strongly: a job that another's end has started looks for just that end. */
function newestParams(table: string, search: NewestSearch): QueryCommandInput {
  const { scheduleId, isSuccessOnly, now } = search;
  const { expression, names, values } = jobConditions(
    isSuccessOnly ? { outcomes: ['success'] } : {},
    now,
  );
  return {
    TableName: table,
    KeyConditionExpression: '#scheduleId = :scheduleId AND #fireTime < :fireTime',
    FilterExpression: `#state = :settled AND ${expression}`,
    ExpressionAttributeNames: {
      '#scheduleId': 'scheduleId',
      '#fireTime': 'fireTime',
      '#state': 'state',
      ...names,
    },
    ExpressionAttributeValues: {
      ':scheduleId': scheduleId,
      ':fireTime': toIso(now + 1),
      ':settled': 'settled',
      ...values,
    },
    ScanIndexForward: false,
    ConsistentRead: true,
  };
}

async function answered<T>(sending: Promise<T>): Promise<T> {
  try {
    return await sending;
  } catch (error) {
    return throwUnavailable(error, 'the Jobs table');
  }
}

/** A schedule that has failed this often in a row is not searched further back. */
const MOST_ROWS = 100;

const IS_SUCCESS_THAT_IS_KEPT = '#outcome = :success AND #expiresAt > :now';

function historyParams(table: string, key: JobKey, now: EpochSeconds): QueryCommandInput {
  const { scheduleId, fireTime } = key;
  return {
    TableName: table,
    KeyConditionExpression: '#scheduleId = :scheduleId AND #fireTime < :fireTime',
    FilterExpression: IS_SUCCESS_THAT_IS_KEPT,
    ProjectionExpression: LISTED_ATTRIBUTES.map((name) => `#${name}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(
      LISTED_ATTRIBUTES.map((name) => [`#${name}`, name]),
    ),
    ExpressionAttributeValues: {
      ':scheduleId': scheduleId,
      ':fireTime': fireTime,
      ':success': 'success',
      ':now': now,
    },
    ScanIndexForward: false,
    Limit: MOST_ROWS,
  };
}
