import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { timesOf } from '#shared/domain/job/times-of.ts';
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

/** What a row has not, afterwards, that is not written. */
const TIMES_AND_HOLD = ['resultExpiresAt', 'ownExpiry', 'keep', HELD_BY];

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
  const { expiry, ownExpiry, keep, payload, now } = to;
  const seenKey = seen.content?.kind === 'payload' ? seen.content.payload.key : undefined;
  const set = {
    ...timesOf(seen, expiry, now),
    retentionRule: expiry.rule,
    ...(ownExpiry && { ownExpiry }),
    ...(keep && { keep, [HELD_BY]: seen.key.scheduleId }),
    ...(payload && { payload }),
  };
  const names = Object.keys(set);
  const removed = TIMES_AND_HOLD.filter((name) => !names.includes(name));
  return {
    TableName: table,
    Key: { scheduleId: seen.key.scheduleId, fireTime: seen.key.fireTime },
    UpdateExpression: [
      `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
      ...(removed.length > 0 ? [`REMOVE ${removed.map((name) => `#${name}`).join(', ')}`] : []),
    ].join(' '),
    ConditionExpression: [
      HAS_SEEN_TIMES,
      seen.resultExpiresAt === undefined
        ? 'attribute_not_exists(#resultExpiresAt)'
        : '#resultExpiresAt = :seenResultExpiresAt',
      ...(seenKey === undefined ? [] : ['#payload.#key = :seenKey']),
    ].join(' AND '),
    ExpressionAttributeNames: {
      ...Object.fromEntries([...names, ...TIMES_AND_HOLD].map((name) => [`#${name}`, name])),
      '#state': 'state',
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
