import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { jobConditions } from '#shared/adapters/dynamodb/job-conditions.ts';
import { readCostOf, TELL_UNITS } from '#shared/adapters/dynamodb/read-cost-of.ts';
import { settledJobFromItem } from '#shared/adapters/dynamodb/settled-job-item.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import {
  BY_DAY,
  BY_FAILURE,
  DAY,
  FAILURE_DAY,
  FINISHED_AT,
  partitionOf,
} from '#shared/domain/job/job-index.ts';
import type { EntryPlace, SettledJobs, ShardReading } from '#shared/ports/settled-jobs.ts';

/** Reads settled jobs by the indexes of the Jobs table. */
export function createSettledJobs(client: DynamoDBDocumentClient, table: string): SettledJobs {
  return {
    read: async (reading) => {
      try {
        const answer = await client.send(new QueryCommand(readParams(table, reading)));
        const { Items = [], LastEvaluatedKey } = answer;
        return {
          jobs: Items.map(settledJobFromItem),
          ...(LastEvaluatedKey && { last: placeOf(LastEvaluatedKey) }),
          cost: readCostOf(answer),
        };
      } catch (error) {
        return throwUnavailable(error, 'the Jobs table');
      }
    },
  };
}

const entryKey = z.object({
  scheduleId: z.string(),
  fireTime: z.string(),
  [FINISHED_AT]: z.string(),
});

function placeOf(lastKey: unknown): EntryPlace {
  const { scheduleId, fireTime, finishedAt } = entryKey.parse(lastKey);
  return { finishedAt, key: { scheduleId, fireTime } };
}

function readParams(table: string, reading: ShardReading): QueryCommandInput {
  const { shard, from, to, isOfFailures, filter, now, limit, after } = reading;
  const partition = partitionOf(to, shard);
  const partitionKey = isOfFailures ? FAILURE_DAY : DAY;
  const { expression, names, values } = jobConditions(filter, now);
  return {
    TableName: table,
    IndexName: isOfFailures ? BY_FAILURE : BY_DAY,
    KeyConditionExpression: '#partition = :partition AND #finishedAt BETWEEN :from AND :to',
    FilterExpression: expression,
    ExpressionAttributeNames: { ...names, '#partition': partitionKey, '#finishedAt': FINISHED_AT },
    ExpressionAttributeValues: {
      ...values,
      ':partition': partition,
      ':from': toIso(from),
      ':to': toIso(to),
    },
    ScanIndexForward: false,
    Limit: limit,
    ...(after && {
      ExclusiveStartKey: {
        [partitionKey]: partition,
        [FINISHED_AT]: after.finishedAt,
        scheduleId: after.key.scheduleId,
        fireTime: after.key.fireTime,
      },
    }),
    ...TELL_UNITS,
  };
}
