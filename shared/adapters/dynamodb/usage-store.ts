import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import { NO_USAGE, type Usage } from '#shared/domain/usage/usage.ts';
import type { UsagePart, UsageStore } from '#shared/ports/usage-store.ts';

const count = z.number();
const stock = z.object({ count, bytes: count });
const lastJob = z.object({
  jobId: z.string(),
  outcome: z.enum(OUTCOMES),
  finishedAt: z.string(),
});

const usageItem = z.object({
  // A sum may be older than an outcome.
  jobs: z
    .partialRecord(z.enum(OUTCOMES), count)
    .transform((jobs) => ({ ...NO_USAGE.jobs, ...jobs })),
  results: z.object({ inline: stock, s3: stock }),
  writeUnits: count,
  lastJob: lastJob.exactOptional(),
  lastSuccess: lastJob.exactOptional(),
  settledUpTo: z.string(),
  removedUpTo: z.string(),
});

interface UsageWrite {
  readonly scheduleId: string;
  readonly part: UsagePart;
  readonly usage: Usage;
  readonly read: Usage | undefined;
}

/** Keeps sums in the Usage table. */
export function createUsageStore(client: DynamoDBDocumentClient, table: string): UsageStore {
  return {
    read: async (scheduleId, part) => {
      try {
        const Key = { scheduleId, part };
        const { Item } = await client.send(
          new GetCommand({ TableName: table, Key, ConsistentRead: true }),
        );
        return Item === undefined ? undefined : usageItem.parse(Item);
      } catch (error) {
        return throwUnavailable(error, 'the Usage table');
      }
    },
    replace: async (write) => {
      try {
        await client.send(new PutCommand(replaceParams(table, write)));
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        return throwUnavailable(error, 'the Usage table');
      }
    },
  };
}

function replaceParams(
  table: string,
  { scheduleId, part, usage, read }: UsageWrite,
): PutCommandInput {
  const put = { TableName: table, Item: { scheduleId, part, ...usage } };
  if (!read) return { ...put, ConditionExpression: 'attribute_not_exists(scheduleId)' };
  return {
    ...put,
    ConditionExpression: 'settledUpTo = :settled AND removedUpTo = :removed',
    ExpressionAttributeValues: { ':settled': read.settledUpTo, ':removed': read.removedUpTo },
  };
}
