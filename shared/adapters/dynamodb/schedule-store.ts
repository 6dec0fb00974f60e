import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  type TransactWriteCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { asWeighed } from '#shared/adapters/dynamodb/as-weighed.ts';
import { edgeWrites, upstreamChecks } from '#shared/adapters/dynamodb/edge-params.ts';
import { ledgerWrites } from '#shared/adapters/dynamodb/ledger-params.ts';
import { noteAsked } from '#shared/adapters/dynamodb/note-asked.ts';
import {
  definitionToItem,
  schedulePartsOf,
  stateToItem,
} from '#shared/adapters/dynamodb/schedule-item.ts';
import { listSchedules } from '#shared/adapters/dynamodb/schedule-list.ts';
import { transactOnLedgers } from '#shared/adapters/dynamodb/transact-on-ledgers.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { edgeChange } from '#shared/domain/schedule/edge.ts';
import type { ScheduleState, StoredSchedule, Sync } from '#shared/domain/schedule/schedule.ts';
import type {
  ExpectedBurial,
  ExpectedWrite,
  ScheduleParts,
  ScheduleStore,
} from '#shared/ports/schedule-store.ts';

/** Keeps schedules in the Schedules table. */
export function createScheduleStore(client: DynamoDBDocumentClient, table: string): ScheduleStore {
  return {
    read: (scheduleId) => read(client, table, scheduleId),
    write: (schedule, expected) =>
      isWritten(transactOnLedgers(client, writeParams(table, schedule, expected))),
    writeState: (state, { generation }) =>
      isWritten(client.send(new PutCommand(statePut(table, state, generation)))),
    bury: (tombstone, expected) =>
      isWritten(transactOnLedgers(client, buryParams(table, tombstone, expected))),
    writeSync: (scheduleId, sync, options = {}) =>
      isWritten(
        client.send(new UpdateCommand(syncParams({ table, scheduleId, sync, ...options }))),
      ),
    wake: (scheduleId, generation, at) =>
      isWritten(client.send(new UpdateCommand(wakeParams({ table, scheduleId, generation, at })))),
    noteAsked: (scheduleId, at) => noteAsked(client, { table, scheduleId, at }),
    list: (page) => listSchedules(client, table, page),
  };
}

/** The write succeeds only where the state is the one that was read, or where there is none, as when it was read. */
function asRead(generation: number | undefined) {
  return generation === undefined
    ? { ConditionExpression: 'attribute_not_exists(scheduleId)' }
    : {
        ConditionExpression: 'generation = :read',
        ExpressionAttributeValues: { ':read': generation },
      };
}

function statePut(table: string, state: ScheduleState, generation: number | undefined) {
  return { TableName: table, Item: stateToItem(state), ...asRead(generation) };
}

function writeParams(
  table: string,
  { definition, state }: StoredSchedule,
  { generation, replaced, upstream = [], moves = [] }: ExpectedWrite,
): TransactWriteCommandInput {
  const definitionPut = { TableName: table, Item: definitionToItem(definition) };
  return {
    TransactItems: [
      { Put: statePut(table, state, generation) },
      { Put: { ...definitionPut, ...(replaced && asWeighed(replaced)) } },
      ...edgeWrites(table, edgeChange(replaced, definition)),
      ...ledgerWrites(table, moves),
      ...upstreamChecks(table, upstream),
    ],
  };
}

function buryParams(
  table: string,
  tombstone: ScheduleState,
  { generation, replaced, moves = [] }: ExpectedBurial,
): TransactWriteCommandInput {
  const { scheduleId } = tombstone;
  const definitionDelete = { TableName: table, Key: { scheduleId, part: 'definition' } };
  return {
    TransactItems: [
      { Put: statePut(table, tombstone, generation) },
      { Delete: { ...definitionDelete, ...asWeighed(replaced) } },
      ...edgeWrites(table, edgeChange(replaced, undefined)),
      ...ledgerWrites(table, moves),
    ],
  };
}

function syncParams(write: {
  readonly table: string;
  readonly scheduleId: string;
  readonly sync: Sync;
  readonly leavesAt?: EpochSeconds;
}): UpdateCommandInput {
  const { table, scheduleId, sync, leavesAt } = write;
  return {
    TableName: table,
    Key: { scheduleId, part: 'state' },
    UpdateExpression:
      leavesAt === undefined ? 'SET sync = :sync' : 'SET sync = :sync, expiresAt = :leavesAt',
    ConditionExpression: 'generation = :generation',
    ExpressionAttributeValues: {
      ':sync': sync,
      ':generation': sync.generation,
      ...(leavesAt === undefined ? {} : { ':leavesAt': leavesAt }),
    },
  };
}

function wakeParams(write: {
  readonly table: string;
  readonly scheduleId: string;
  readonly generation: number;
  readonly at: EpochSeconds;
}): UpdateCommandInput {
  return {
    TableName: write.table,
    Key: { scheduleId: write.scheduleId, part: 'state' },
    // The error stays, as its count of attempts sets the next wait.
    UpdateExpression: 'SET sync.#state = :pending, sync.#at = :at',
    ConditionExpression: 'generation = :generation AND sync.#state IN (:failed, :pending)',
    ExpressionAttributeNames: { '#state': 'state', '#at': 'at' },
    ExpressionAttributeValues: {
      ':generation': write.generation,
      ':pending': 'pending',
      ':failed': 'failed',
      ':at': write.at,
    },
  };
}

async function isWritten(sending: Promise<unknown>): Promise<boolean> {
  try {
    await sending;
    return true;
  } catch (error) {
    if (isConditionFailure(error)) return false;
    return throwUnavailable(error, 'the Schedules table');
  }
}

function isConditionFailure(error: unknown): boolean {
  if (error instanceof ConditionalCheckFailedException) return true;
  // A conflict with another transaction on the same schedule is a lost race as well: the other one wins.
  return (
    error instanceof TransactionCanceledException &&
    (error.CancellationReasons ?? []).some(
      ({ Code }) => Code === 'ConditionalCheckFailed' || Code === 'TransactionConflict',
    )
  );
}

async function read(
  client: DynamoDBDocumentClient,
  table: string,
  scheduleId: string,
): Promise<ScheduleParts> {
  const query: QueryCommandInput = {
    TableName: table,
    // Just the two parts: the edges of its dependents, of which there may be many, lie before them.
    KeyConditionExpression: 'scheduleId = :id AND part BETWEEN :first AND :last',
    ExpressionAttributeValues: { ':id': scheduleId, ':first': 'definition', ':last': 'state' },
    ConsistentRead: true,
  };
  try {
    const { Items = [] } = await client.send(new QueryCommand(query));
    return schedulePartsOf(Items);
  } catch (error) {
    return throwUnavailable(error, 'the Schedules table');
  }
}
