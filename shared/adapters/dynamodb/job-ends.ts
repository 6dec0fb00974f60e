import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { jobId } from '#shared/domain/job/job-key.ts';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import type { JobEnds, JobEndsPage } from '#shared/ports/job-ends.ts';

const endItem = z
  .object({ scheduleId: z.string(), fireTime: z.string(), outcome: z.enum(OUTCOMES) })
  .transform(({ outcome, ...key }) => ({ jobId: jobId(key), outcome }));

/** Looks back in the Jobs table at how jobs ended. */
export function createJobEnds(client: DynamoDBDocumentClient, table: string): JobEnds {
  return {
    list: async (page) => {
      try {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new QueryCommand(endsParams(table, page)),
        );
        const next: unknown = LastEvaluatedKey?.['fireTime'];
        const ends = Items.map((item) => endItem.parse(item));
        return { ends, ...(typeof next === 'string' && { next }) };
      } catch (error) {
        return throwUnavailable(error, 'the Jobs table');
      }
    },
  };
}

/** Only a settled row has an expiry; DynamoDB deletes it days late. */
const HAS_ENDED_AND_IS_KEPT = 'attribute_exists(#outcome) AND #expiresAt > :now';

function endsParams(
  table: string,
  { scheduleId, since, limit, after, now }: JobEndsPage,
): QueryCommandInput {
  return {
    TableName: table,
    KeyConditionExpression: '#scheduleId = :scheduleId AND #fireTime >= :since',
    FilterExpression: HAS_ENDED_AND_IS_KEPT,
    ProjectionExpression: '#scheduleId, #fireTime, #outcome',
    ExpressionAttributeNames: {
      '#scheduleId': 'scheduleId',
      '#fireTime': 'fireTime',
      '#outcome': 'outcome',
      '#expiresAt': 'expiresAt',
    },
    ExpressionAttributeValues: { ':scheduleId': scheduleId, ':since': toIso(since), ':now': now },
    ScanIndexForward: false,
    Limit: limit,
    ConsistentRead: true,
    ...(after !== undefined && { ExclusiveStartKey: { scheduleId, fireTime: after } }),
  };
}
