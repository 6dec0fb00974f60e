import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { batchGet } from '#shared/adapters/dynamodb/batch-get.ts';
import { jobFromItem } from '#shared/adapters/dynamodb/job-item.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { BY_EXPIRY, EXPIRY_AT, EXPIRY_DAY } from '#shared/domain/result/expiry-attributes.ts';
import type { ExpiredJobs } from '#shared/ports/archive.ts';

const entry = z
  .object({ scheduleId: z.string(), fireTime: z.string(), [EXPIRY_AT]: z.string() })
  .transform(({ expiryAt, ...key }) => ({ expiryAt, key }));

/** Finds expired jobs in the Jobs table, by its index of those that something happens to then. */
export function createExpiredJobs(client: DynamoDBDocumentClient, table: string): ExpiredJobs {
  return {
    page: ({ day, shard, span }, limit, after) =>
      available(async () => {
        const partition = `${day}#${shard}`;
        const { Items = [], LastEvaluatedKey } = await client.send(
          new QueryCommand({
            TableName: table,
            IndexName: BY_EXPIRY,
            KeyConditionExpression: `#day = :day${span ? ' AND #at BETWEEN :from AND :last' : ''}`,
            ExpressionAttributeNames: { '#day': EXPIRY_DAY, ...(span && { '#at': EXPIRY_AT }) },
            ExpressionAttributeValues: {
              ':day': partition,
              ...(span && { ':from': toIso(span.from), ':last': toIso(span.to - 1) }),
            },
            Limit: limit,
            ...(after && {
              ExclusiveStartKey: {
                [EXPIRY_DAY]: partition,
                [EXPIRY_AT]: after.expiryAt,
                ...after.key,
              },
            }),
          }),
        );
        return { entries: Items.map((item) => entry.parse(item)), isLast: !LastEvaluatedKey };
      }),
    rows: (keys) =>
      available(async () => {
        const { items } = await batchGet(
          client,
          table,
          keys.map((key) => ({ ...key })),
        );
        return new Map(items.map(jobFromItem).map((job) => [job.id, job]));
      }),
  };
}

async function available<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    return throwUnavailable(error, 'the Jobs table');
  }
}
