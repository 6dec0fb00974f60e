import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { jobFromItem } from '#shared/adapters/dynamodb/job-item.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import { hasComparableResult } from '#shared/domain/event/result-changed.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';
import type { EarlierResults } from '#shared/ports/earlier-results.ts';

/** Nearly always the row before is the one: each further look reads ten times as many. */
const PAGE_ROWS = [1, 10, 100];

/** Looks back in the Jobs table for results. */
export function createEarlierResults(
  client: DynamoDBDocumentClient,
  table: string,
): EarlierResults {
  return {
    before: async (key, now) => {
      let { fireTime } = key;
      try {
        for (const rows of PAGE_ROWS) {
          const { Items = [], LastEvaluatedKey } = await client.send(
            new QueryCommand(pageParams(table, { ...key, fireTime }, rows)),
          );
          const found = Items.map(jobFromItem).find((job) => hasComparableResult(job, now));
          const last: unknown = LastEvaluatedKey?.['fireTime'];
          if (found || typeof last !== 'string') return found;
          fireTime = last;
        }
        return undefined;
      } catch (error) {
        return throwUnavailable(error, 'the Jobs table');
      }
    },
  };
}

function pageParams(
  table: string,
  { scheduleId, fireTime }: JobKey,
  rows: number,
): QueryCommandInput {
  return {
    TableName: table,
    KeyConditionExpression: 'scheduleId = :scheduleId AND fireTime < :fireTime',
    ExpressionAttributeValues: { ':scheduleId': scheduleId, ':fireTime': fireTime },
    ScanIndexForward: false,
    Limit: rows,
    ConsistentRead: true,
  };
}
