import { type AttributeValue, ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { Slot, SlotGroup, SlotHolder } from '#shared/domain/job/slot.ts';
import type { SlotStore } from '#shared/ports/slot-store.ts';

/**
 * TTL takes the row of a slot that nobody has asked for since. That is longer than a job can go on retrying, so a slot that is held is
 * never gone.
 */
const ROW_SECONDS = 3 * 86_400;

/** Keeps slots as rows of the Jobs table. A free one has a row without a holder, or none. */
export function createSlotStore(client: DynamoDBDocumentClient, table: string): SlotStore {
  return {
    take: async (slot, holder, from) => {
      const params = takeParams(table, slot, { holder, from });
      const refusal = await refusalOf(client.send(new PutCommand(params)));
      return refusal?.by ? { kind: 'held', by: refusal.by } : { kind: 'taken' };
    },
    free: async (slot, holder) => {
      await refusalOf(client.send(new UpdateCommand(freeParams(table, slot, holder))));
    },
    handOver: async (slot, holder, to) => {
      const params = handOverParams(table, slot, { holder, to });
      return (await refusalOf(client.send(new UpdateCommand(params)))) === undefined;
    },
    holders: async (group) => {
      try {
        const { Items = [] } = await client.send(new QueryCommand(holdersParams(table, group)));
        return new Map(Items.flatMap(namedHolder));
      } catch (error) {
        return throwUnavailable(error, 'the Jobs table');
      }
    },
  };
}

/**
 * Takes a slot that is free, that is one's own, or that is still the one's who was seen to have let go of it.
 *
 *     free | own | as seen ── take ──▶ held ──────── leaseUntil
 */
function takeParams(
  table: string,
  { scheduleId, fireTime }: Slot,
  { holder, from }: { readonly holder: SlotHolder; readonly from: SlotHolder | undefined },
): PutCommandInput {
  const asSeen = from ? ' OR (#holder = :seen AND #leaseUntil = :seenUntil)' : '';
  return {
    TableName: table,
    Item: { scheduleId, fireTime, ...holder, expiresAt: holder.leaseUntil + ROW_SECONDS },
    ConditionExpression: `attribute_not_exists(#holder) OR #holder = :holder${asSeen}`,
    ExpressionAttributeNames: {
      '#holder': 'holder',
      ...(from && { '#leaseUntil': 'leaseUntil' }),
    },
    ExpressionAttributeValues: {
      ':holder': holder.holder,
      ...(from && { ':seen': from.holder, ':seenUntil': from.leaseUntil }),
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

/**
 * Lets go of a slot; its row stays, so that nobody needs leave to delete rows of this table.
 *
 *     held by us ── free ──▶ free
 */
function freeParams(table: string, Key: Slot, holder: string): UpdateCommandInput {
  return {
    TableName: table,
    Key,
    UpdateExpression: 'REMOVE #holder, #leaseUntil',
    ConditionExpression: '#holder = :holder',
    ExpressionAttributeNames: { '#holder': 'holder', '#leaseUntil': 'leaseUntil' },
    ExpressionAttributeValues: { ':holder': holder },
  };
}

/**
 * Gives a slot to one that waits for it.
 *
 *     held by us ── handOver ──▶ held by the other ──── leaseUntil, by when it has come for it
 */
function handOverParams(
  table: string,
  Key: Slot,
  { holder, to }: { readonly holder: string; readonly to: SlotHolder },
): UpdateCommandInput {
  return {
    TableName: table,
    Key,
    UpdateExpression: 'SET #holder = :to, #leaseUntil = :until, #expiresAt = :expiresAt',
    ConditionExpression: '#holder = :holder',
    ExpressionAttributeNames: {
      '#holder': 'holder',
      '#leaseUntil': 'leaseUntil',
      '#expiresAt': 'expiresAt',
    },
    ExpressionAttributeValues: {
      ':holder': holder,
      ':to': to.holder,
      ':until': to.leaseUntil,
      ':expiresAt': to.leaseUntil + ROW_SECONDS,
    },
  };
}

function holdersParams(table: string, group: SlotGroup): QueryCommandInput {
  return {
    TableName: table,
    KeyConditionExpression: 'scheduleId = :group',
    ExpressionAttributeValues: { ':group': group },
    ConsistentRead: true,
  };
}

/** @returns `undefined` for a write that went through. */
async function refusalOf(
  sending: Promise<unknown>,
): Promise<{ readonly by?: SlotHolder } | undefined> {
  try {
    await sending;
    return undefined;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException))
      return throwUnavailable(error, 'the Jobs table');
    const by = error.Item && holderIn(error.Item);
    return { ...(by && { by }) };
  }
}

/** A refused write carries the row in DynamoDB's own attribute values. */
function holderIn(item: Readonly<Record<string, AttributeValue>>): SlotHolder | undefined {
  const holder = item['holder']?.S;
  return holder === undefined
    ? undefined
    : { holder, leaseUntil: Number(item['leaseUntil']?.N ?? 0) };
}

function namedHolder({
  fireTime,
  holder,
  leaseUntil,
}: Readonly<Record<string, unknown>>): readonly [string, SlotHolder][] {
  return typeof fireTime === 'string' && typeof holder === 'string'
    ? [[fireTime, { holder, leaseUntil: Number(leaseUntil ?? 0) }]]
    : [];
}
