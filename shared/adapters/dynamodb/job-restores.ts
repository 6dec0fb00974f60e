import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  PutCommand,
  type PutCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { Job } from '#shared/domain/job/job.ts';
import type { Item } from '#shared/domain/result/item-bytes.ts';
import type { JobRestores } from '#shared/ports/archive.ts';

/** Puts rows back into the Jobs table. */
export function createJobRestores(client: DynamoDBDocumentClient, table: string): JobRestores {
  return {
    restore: async (item, seen) => {
      try {
        await client.send(new PutCommand(restoreParams(table, item, seen)));
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        return throwUnavailable(error, 'the Jobs table');
      }
    },
  };
}

/**
 * Puts a job back.
 *
 *     settled, its time up ── restore ──▶ settled, from the archive ── its new time
 *     no row ──────────────── restore ──▶ settled, from the archive ── its new time
 */
function restoreParams(table: string, item: Item, seen: Job | undefined): PutCommandInput {
  const put = { TableName: table, Item: item };
  if (!seen) return { ...put, ConditionExpression: 'attribute_not_exists(fireTime)' };
  return {
    ...put,
    // Of a settled job that has expired nothing changes but these.
    ConditionExpression: '#state = :settled AND #expiresAt = :seenExpiresAt',
    ExpressionAttributeNames: { '#state': 'state', '#expiresAt': 'expiresAt' },
    ExpressionAttributeValues: { ':settled': 'settled', ':seenExpiresAt': seen.expiresAt },
  };
}
