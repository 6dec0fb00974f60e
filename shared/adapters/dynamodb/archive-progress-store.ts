import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { ArchiveProgress, ShardOfDay } from '#shared/domain/archive/archive-progress.ts';
import { DAY_SECONDS } from '#shared/domain/triggers/civil-date.ts';
import type { ArchiveProgressStore } from '#shared/ports/archive.ts';

/** Where progress lies: no schedule can have this id, and without a `kind` it is in no index. */
const ARCHIVE = '#archive';

/** Long after nobody looks at a day any more. */
const KEPT_SECONDS = 30 * DAY_SECONDS;

const progressItem = z
  .object({
    day: z.string(),
    shard: z.int(),
    step: z.int(),
    phase: z.enum(['writing', 'written', 'checked']),
    after: z
      .object({
        expiryAt: z.string(),
        key: z.object({ scheduleId: z.string(), fireTime: z.string() }),
      })
      .exactOptional(),
    chunks: z.int(),
    entries: z.int(),
    leaseUntil: z.int().exactOptional(),
  })
  .transform((progress): ArchiveProgress => progress);

/** Keeps the progress of the archive in the Usage table, whose items no stream tells of. */
export function createArchiveProgressStore(
  client: DynamoDBDocumentClient,
  table: string,
): ArchiveProgressStore {
  return {
    read: async (place) => {
      try {
        const { Item } = await client.send(
          new GetCommand({ TableName: table, Key: keyOf(place), ConsistentRead: true }),
        );
        return Item && progressItem.parse(Item);
      } catch (error) {
        return throwUnavailable(error, 'the Usage table');
      }
    },
    save: async (progress) => {
      try {
        await client.send(new PutCommand(saveParams(table, progress)));
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        return throwUnavailable(error, 'the Usage table');
      }
    },
  };
}

function keyOf({ day, shard }: ShardOfDay) {
  return { scheduleId: ARCHIVE, part: `${day}#${shard}` };
}

/**
 * Writes how far a shard has come. Of two invocations that have read the same, the second finds the step moved on.
 *
 *     step n ── files written ── save ──▶ step n + 1
 */
function saveParams(table: string, progress: ArchiveProgress): PutCommandInput {
  const isFirst = progress.step === 1;
  return {
    TableName: table,
    Item: {
      ...keyOf(progress),
      ...progress,
      expiresAt: Date.parse(progress.day) / 1_000 + KEPT_SECONDS,
    },
    ...(isFirst
      ? { ConditionExpression: 'attribute_not_exists(part)' }
      : {
          ConditionExpression: 'step = :seen',
          ExpressionAttributeValues: { ':seen': progress.step - 1 },
        }),
  };
}
