import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { expiryAttributes } from '#shared/domain/result/expiry-attributes.ts';
import { HELD_BY } from '#shared/domain/result/keep-last.ts';
import type { JobRetention, NewTimes } from '#shared/ports/job-retention.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';

/** Changes jobs' times in the Jobs table. */
export function createJobRetention(
  client: DynamoDBDocumentClient,
  table: string,
  now: WallClock,
): JobRetention {
  return {
    change: async (seen, to) => {
      try {
        await client.send(new UpdateCommand(changeParams(table, seen, { ...to, now: now() })));
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        return throwUnavailable(error, 'the Jobs table');
      }
    },
  };
}

/** The times are as they were read: two changes of one job do not mix, and a row that TTL has taken is not made anew. */
const HAS_SEEN_TIMES = '#state = :settled AND #expiresAt = :seenExpiresAt';

/**
 * Writes a settled job's times; a copied object takes the place of the one it was copied from, which goes by the stream.
 *
 *     settled ── copy, where the class is too short ── change ──▶ settled ── resultExpiresAt ── expiresAt
 */
function changeParams(
  table: string,
  seen: Job,
  to: NewTimes & { readonly now: EpochSeconds },
): UpdateCommandInput {
  const { expiry, ownExpiry, payload, now } = to;
  const { rule, ...times } = expiry;
  const { archiveDays } = seen;
  const seenKey = seen.content?.kind === 'payload' ? seen.content.payload.key : undefined;
  const set = {
    ...expiryAttributes(
      seen.key,
      { ...times, ...(archiveDays !== undefined && { archiveDays }) },
      now,
    ),
    retentionRule: rule,
    ...(ownExpiry && { ownExpiry }),
    ...(payload && { payload }),
  };
  const names = Object.keys(set);
  return {
    TableName: table,
    Key: { scheduleId: seen.key.scheduleId, fireTime: seen.key.fireTime },
    UpdateExpression: [
      `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
      `REMOVE #heldBy, #keep${ownExpiry ? '' : ', #ownExpiry'}`,
    ].join(' '),
    ConditionExpression: [
      HAS_SEEN_TIMES,
      seen.resultExpiresAt === undefined
        ? 'attribute_not_exists(#resultExpiresAt)'
        : '#resultExpiresAt = :seenResultExpiresAt',
      ...(seenKey === undefined ? [] : ['#payload.#key = :seenKey']),
    ].join(' AND '),
    ExpressionAttributeNames: {
      ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
      '#state': 'state',
      '#resultExpiresAt': 'resultExpiresAt',
      '#ownExpiry': 'ownExpiry',
      '#heldBy': HELD_BY,
      '#keep': 'keep',
      ...(seenKey !== undefined && { '#payload': 'payload', '#key': 'key' }),
    },
    ExpressionAttributeValues: {
      ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
      ':settled': 'settled',
      ':seenExpiresAt': seen.expiresAt,
      ...(seen.resultExpiresAt !== undefined && { ':seenResultExpiresAt': seen.resultExpiresAt }),
      ...(seenKey !== undefined && { ':seenKey': seenKey }),
    },
  };
}
