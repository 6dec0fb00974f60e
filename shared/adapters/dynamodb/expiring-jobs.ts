import {
  type DynamoDBDocumentClient,
  paginateQuery,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { batchGet } from '#shared/adapters/dynamodb/batch-get.ts';
import { jobFromItem } from '#shared/adapters/dynamodb/job-item.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { ExpirySpan } from '#shared/domain/event/announced-span.ts';
import { partitionOf } from '#shared/domain/job/job-index.ts';
import { BY_EXPIRY, EXPIRY_AT, EXPIRY_DAY } from '#shared/domain/result/expiry-attributes.ts';
import type { ExpiringJobs } from '#shared/ports/expiring-jobs.ts';

/** So many rows are in memory at once: with their results, which are small where they lie in the row, some 2 MB at most. */
const PAGE = 100;

/** Reads jobs of the Jobs table by the index of those that something happens to when they expire. */
export function createExpiringJobs(client: DynamoDBDocumentClient, table: string): ExpiringJobs {
  return {
    within: async function* (span, shard) {
      try {
        const pages = paginateQuery({ client }, withinParams(table, span, shard));
        for await (const { Items = [] } of pages) {
          const keys = Items.map(({ scheduleId, fireTime }) => ({ scheduleId, fireTime }));
          const { items } = await batchGet(client, table, keys);
          yield items.map(jobFromItem);
        }
      } catch (error) {
        throwUnavailable(error, 'the Jobs table');
      }
    },
  };
}

function withinParams(table: string, { from, to }: ExpirySpan, shard: number): QueryCommandInput {
  return {
    TableName: table,
    IndexName: BY_EXPIRY,
    KeyConditionExpression: '#day = :day AND #at BETWEEN :from AND :last',
    ExpressionAttributeNames: { '#day': EXPIRY_DAY, '#at': EXPIRY_AT },
    ExpressionAttributeValues: {
      ':day': partitionOf(from, shard),
      ':from': toIso(from),
      ':last': toIso(to - 1),
    },
    Limit: PAGE,
  };
}
