import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { jobFromItem } from '#shared/adapters/dynamodb/job-item.ts';
import { createJobReader } from '#shared/adapters/dynamodb/job-reader.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { BackdatedJobs } from '#shared/ports/backdated-jobs.ts';

/** Comes after every sort key that begins with the same instant: those of manual jobs have `~` and digits and letters behind it. */
const AFTER_ALL = '~~';

/** Reads the jobs of schedules in the Jobs table, at half the price of strong reads. */
export function createBackdatedJobs(client: DynamoDBDocumentClient, table: string): BackdatedJobs {
  const { get } = createJobReader(client, table);
  return {
    get,
    page: async ({ scheduleId, to, after, limit }) => {
      try {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: 'scheduleId = :scheduleId AND fireTime <= :to',
            ExpressionAttributeValues: {
              ':scheduleId': scheduleId,
              ':to': `${toIso(to)}${AFTER_ALL}`,
            },
            ScanIndexForward: false,
            Limit: limit,
            ...(after !== undefined && { ExclusiveStartKey: { scheduleId, fireTime: after } }),
          }),
        );
        const next: unknown = LastEvaluatedKey?.['fireTime'];
        return { jobs: Items.map(jobFromItem), ...(typeof next === 'string' && { next }) };
      } catch (error) {
        return throwUnavailable(error, 'the Jobs table');
      }
    },
  };
}
