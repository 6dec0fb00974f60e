import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { keep, ownExpiry } from '#shared/adapters/dynamodb/job-item.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import { BY_HELD, HELD_BY, type HeldJob } from '#shared/domain/result/keep-last.ts';
import type { HeldJobs } from '#shared/ports/job-retention.ts';

const heldItem = z
  .object({
    scheduleId: z.string(),
    fireTime: z.string(),
    outcome: z.enum(OUTCOMES),
    keep,
    ownExpiry,
  })
  .transform(({ scheduleId, fireTime, ...rest }) => ({ key: { scheduleId, fireTime }, ...rest }));

/** Finds and lets go held jobs in the Jobs table. */
export function createHeldJobs(client: DynamoDBDocumentClient, table: string): HeldJobs {
  return {
    newest: async (scheduleId, limit) => {
      try {
        const { Items = [] } = await client.send(
          new QueryCommand(newestParams(table, scheduleId, limit)),
        );
        return Items.map((item) => heldItem.parse(item));
      } catch (error) {
        return throwUnavailable(error, 'the Jobs table');
      }
    },
    letGo: async (job) => {
      try {
        await client.send(new UpdateCommand(letGoParams(table, job)));
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return;
        throwUnavailable(error, 'the Jobs table');
      }
    },
  };
}

function newestParams(table: string, scheduleId: string, limit: number): QueryCommandInput {
  return {
    TableName: table,
    IndexName: BY_HELD,
    KeyConditionExpression: '#heldBy = :scheduleId',
    ExpressionAttributeNames: { '#heldBy': HELD_BY },
    ExpressionAttributeValues: { ':scheduleId': scheduleId },
    ScanIndexForward: false,
    Limit: limit,
  };
}

/** Whoever pins a job, or sets its time, takes it out of the hold: that stands. */
const IS_HELD = 'attribute_exists(#heldBy)';

/**
 * Gives a held job its own times.
 *
 *     settled, held ── newer ones settle ── letGo ──▶ settled ── its own resultExpiresAt, which may have passed
 */
function letGoParams(table: string, { key, ownExpiry: own }: HeldJob): UpdateCommandInput {
  const { resultExpiresAt, expiresAt, rule } = own;
  return {
    TableName: table,
    Key: { scheduleId: key.scheduleId, fireTime: key.fireTime },
    UpdateExpression: [
      'SET #expiresAt = :expiresAt, #rule = :rule',
      ...(resultExpiresAt === undefined ? [] : [', #resultExpiresAt = :resultExpiresAt']),
      ' REMOVE #heldBy, #keep, #ownExpiry',
    ].join(''),
    ConditionExpression: IS_HELD,
    ExpressionAttributeNames: {
      '#expiresAt': 'expiresAt',
      '#rule': 'retentionRule',
      ...(resultExpiresAt !== undefined && { '#resultExpiresAt': 'resultExpiresAt' }),
      '#heldBy': HELD_BY,
      '#keep': 'keep',
      '#ownExpiry': 'ownExpiry',
    },
    ExpressionAttributeValues: {
      ':expiresAt': expiresAt,
      ':rule': rule,
      ...(resultExpiresAt !== undefined && { ':resultExpiresAt': resultExpiresAt }),
    },
  };
}
