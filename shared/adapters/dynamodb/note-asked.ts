import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';

/** Which schedule's job is asked for, and with which instant in its key. */
interface Asked {
  readonly table: string;
  readonly scheduleId: string;
  readonly at: EpochSeconds;
}

/**
 * Has the sweep look for a job from its instant on.
 *
 *     sweep:  reads the state ──────────────── moves sweptTo, if askedAt is as it was read
 *     here:        sets askedAt, and sees sweptTo ── pulls it back, where it is later than the job
 *
 * Either the sweep's move comes after and is refused, or it came before and is seen here.
 *
 * @throws {AlmanacError} `store.unavailable`
 */
export async function noteAsked(client: DynamoDBDocumentClient, asked: Asked): Promise<void> {
  try {
    const { Attributes } = await client.send(new UpdateCommand(askedParams(asked)));
    if (Number(Attributes?.['sweptTo'] ?? 0) > asked.at)
      await client.send(new UpdateCommand(pullBackParams(asked)));
  } catch (error) {
    // The schedule is gone, or another has pulled it back as far.
    if (error instanceof ConditionalCheckFailedException) return;
    throwUnavailable(error, 'the Schedules table');
  }
}

function askedParams({ table, scheduleId, at }: Asked): UpdateCommandInput {
  return {
    TableName: table,
    Key: { scheduleId, part: 'state' },
    UpdateExpression: 'SET askedAt = :at',
    ConditionExpression: 'attribute_exists(scheduleId)',
    ExpressionAttributeValues: { ':at': at },
    ReturnValues: 'ALL_NEW',
  };
}

function pullBackParams({ table, scheduleId, at }: Asked): UpdateCommandInput {
  return {
    TableName: table,
    Key: { scheduleId, part: 'state' },
    UpdateExpression: 'SET sweptTo = :at',
    ConditionExpression: 'sweptTo > :at',
    ExpressionAttributeValues: { ':at': at },
  };
}
