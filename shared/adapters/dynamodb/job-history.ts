import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { jobFromItem, LISTED_ATTRIBUTES } from '#shared/adapters/dynamodb/job-item.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';
import type { JobHistory } from '#shared/ports/job-store.ts';

/** Looks back in the Jobs table. */
export function createJobHistory(client: DynamoDBDocumentClient, table: string): JobHistory {
  return {
    successBefore: async (key, now) => {
      try {
        const { Items = [] } = await client.send(new QueryCommand(historyParams(table, key, now)));
        return Items.map(jobFromItem)[0];
      } catch (error) {
        return throwUnavailable(error, 'the Jobs table');
      }
    },
  };
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
