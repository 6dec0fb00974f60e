import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Plan, Sync } from '#shared/domain/schedule/schedule.ts';
import type { PlanFence, PlanStore } from '#shared/ports/plan-store.ts';

/** Keeps plans in the states of the Schedules table. */
export function createPlanStore(client: DynamoDBDocumentClient, table: string): PlanStore {
  return {
    noteDecision: (fence, decidedAt) =>
      isWritten(client.send(new UpdateCommand(decisionParams(table, fence, decidedAt)))),
    move: (fence, plan, at) =>
      isWritten(client.send(new UpdateCommand(moveParams({ table, fence, plan, at })))),
  };
}

/** Neither the user nor another advance has written the schedule since it was read. */
const STANDS_AS_READ = '#generation = :generation AND #plan.#nextFireTime = :fireTime';

function asRead({ generation, fireTime }: PlanFence) {
  return {
    names: { '#generation': 'generation', '#plan': 'plan', '#nextFireTime': 'nextFireTime' },
    values: { ':generation': generation, ':fireTime': fireTime },
  };
}

/**
 * Notes a decision. EventBridge need not see it, so the generation stays.
 *
 *     plan at F ── noteDecision ──▶ plan at F, decidedAt
 */
function decisionParams(
  table: string,
  fence: PlanFence,
  decidedAt: EpochSeconds,
): UpdateCommandInput {
  const { names, values } = asRead(fence);
  return {
    TableName: table,
    Key: { scheduleId: fence.scheduleId, part: 'state' },
    UpdateExpression: 'SET #plan.#decidedAt = :decidedAt',
    ConditionExpression: `${STANDS_AS_READ} AND attribute_not_exists(#plan.#decidedAt)`,
    ExpressionAttributeNames: { ...names, '#decidedAt': 'decidedAt' },
    ExpressionAttributeValues: { ...values, ':decidedAt': decidedAt },
  };
}

/**
 * Moves a plan on, once all that was due has been seen to.
 *
 *     plan at F, generation n ── move ──▶ plan at the fire time after, generation n + 1, pending
 */
function moveParams(write: {
  readonly table: string;
  readonly fence: PlanFence;
  readonly plan: Plan;
  readonly at: EpochSeconds;
}): UpdateCommandInput {
  const { table, fence, plan, at } = write;
  const { names, values } = asRead(fence);
  const generation = fence.generation + 1;
  const sync: Sync = { state: 'pending', generation, at };
  return {
    TableName: table,
    Key: { scheduleId: fence.scheduleId, part: 'state' },
    UpdateExpression: 'SET #plan = :plan, #generation = :next, #sync = :sync',
    ConditionExpression: STANDS_AS_READ,
    ExpressionAttributeNames: { ...names, '#sync': 'sync' },
    ExpressionAttributeValues: { ...values, ':plan': plan, ':next': generation, ':sync': sync },
  };
}

async function isWritten(sending: Promise<unknown>): Promise<boolean> {
  try {
    await sending;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    return throwUnavailable(error, 'the Schedules table');
  }
}
