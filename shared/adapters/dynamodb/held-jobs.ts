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
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import { expiryAttributes } from '#shared/domain/result/expiry-attributes.ts';
import { BY_HELD, HELD_BY, type HeldJob } from '#shared/domain/result/keep-last.ts';
import type { HeldJobs } from '#shared/ports/job-retention.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';

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
export function createHeldJobs(
  client: DynamoDBDocumentClient,
  table: string,
  now: WallClock,
): HeldJobs {
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
        await client.send(new UpdateCommand(letGoParams(table, job, now())));
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
function letGoParams(
  table: string,
  { key, ownExpiry: own }: HeldJob,
  now: EpochSeconds,
): UpdateCommandInput {
  const set = { ...expiryAttributes(key, own, now), retentionRule: own.rule };
  const names = Object.keys(set);
  return {
    TableName: table,
    Key: { scheduleId: key.scheduleId, fireTime: key.fireTime },
    UpdateExpression: [
      `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
      'REMOVE #heldBy, #keep, #ownExpiry',
    ].join(' '),
    ConditionExpression: IS_HELD,
    ExpressionAttributeNames: {
      ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
      '#heldBy': HELD_BY,
      '#keep': 'keep',
      '#ownExpiry': 'ownExpiry',
    },
    ExpressionAttributeValues: Object.fromEntries(
      Object.entries(set).map(([name, value]) => [`:${name}`, value]),
    ),
  };
}
