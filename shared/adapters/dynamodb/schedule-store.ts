import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type BatchGetCommandInput,
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import {
  definitionFromItem,
  definitionToItem,
  LISTED,
  stateFromItem,
  stateToItem,
} from '#shared/adapters/dynamodb/schedule-item.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { ScheduleState, StoredSchedule, Sync } from '#shared/domain/schedule/schedule.ts';
import type { SchedulePage, ScheduleParts, ScheduleStore } from '#shared/ports/schedule-store.ts';

/** The index that lists schedules by id. */
export const SCHEDULES_BY_ID = 'byId';

/** DynamoDB reads at most this many items in one batch. See https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const LARGEST_BATCH = 100;

/**
 * Inputs of this length in all fill a page, whatever its limit: Lambda answers with 6 MB at most, and a character may take three bytes.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const LARGEST_ANSWER_CHARACTERS = 1_048_576;

/** A batch that DynamoDB answers in parts is asked for again this often. */
const MOST_BATCH_ROUNDS = 20;

/** Keeps schedules in the Schedules table. */
export function createScheduleStore(client: DynamoDBDocumentClient, table: string): ScheduleStore {
  return {
    read: (scheduleId) => read(client, table, scheduleId),
    write: (schedule, { generation }) =>
      isWritten(client.send(new TransactWriteCommand(writeParams(table, schedule, generation)))),
    writeState: (state, { generation }) =>
      isWritten(client.send(new PutCommand(statePut(table, state, generation)))),
    bury: (tombstone, { generation }) =>
      isWritten(client.send(new TransactWriteCommand(buryParams(table, tombstone, generation)))),
    writeSync: (scheduleId, sync, options = {}) =>
      isWritten(
        client.send(new UpdateCommand(syncParams({ table, scheduleId, sync, ...options }))),
      ),
    wake: (scheduleId, generation, at) =>
      isWritten(client.send(new UpdateCommand(wakeParams({ table, scheduleId, generation, at })))),
    list: (page) => list(client, table, page),
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
  schedule: StoredSchedule,
  generation: number | undefined,
): TransactWriteCommandInput {
  return {
    TransactItems: [
      { Put: statePut(table, schedule.state, generation) },
      { Put: { TableName: table, Item: definitionToItem(schedule.definition) } },
    ],
  };
}

function buryParams(
  table: string,
  tombstone: ScheduleState,
  generation: number,
): TransactWriteCommandInput {
  const { scheduleId } = tombstone;
  return {
    TransactItems: [
      { Put: statePut(table, tombstone, generation) },
      { Delete: { TableName: table, Key: { scheduleId, part: 'definition' } } },
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
    KeyConditionExpression: 'scheduleId = :id',
    ExpressionAttributeValues: { ':id': scheduleId },
    ConsistentRead: true,
  };
  try {
    const { Items = [] } = await client.send(new QueryCommand(query));
    return partsOf(Items);
  } catch (error) {
    return throwUnavailable(error, 'the Schedules table');
  }
}

function partsOf(items: readonly Record<string, unknown>[]): ScheduleParts {
  const definition = items.find(({ part }) => part === 'definition');
  const state = items.find(({ part }) => part === 'state');
  return {
    ...(definition && { definition: definitionFromItem(definition) }),
    ...(state && { state: stateFromItem(state) }),
  };
}

async function list(
  client: DynamoDBDocumentClient,
  table: string,
  page: { readonly limit: number; readonly after?: string },
): Promise<SchedulePage> {
  try {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: SCHEDULES_BY_ID,
        KeyConditionExpression: 'kind = :listed',
        ExpressionAttributeValues: { ':listed': LISTED },
        Limit: page.limit,
        ...(page.after === undefined
          ? {}
          : {
              ExclusiveStartKey: { kind: LISTED, scheduleId: page.after, part: 'definition' },
            }),
      }),
    );
    const ids = Items.map((item) => String(item['scheduleId']));
    const listed = cutToAnswer(ids, await readAll(client, table, ids));
    const schedules = listed.flatMap(({ definition, state }): StoredSchedule[] =>
      // The index may still name a schedule that has just been deleted.
      definition && state && state.deletedAt === undefined ? [{ definition, state }] : [],
    );
    const next =
      LastEvaluatedKey || listed.length < ids.length ? ids[listed.length - 1] : undefined;
    return { schedules, ...(next !== undefined && { next }) };
  } catch (error) {
    return throwUnavailable(error, 'the Schedules table');
  }
}

/** Takes schedules in the order of their ids until an answer with them is full; the first is always taken. */
function cutToAnswer(
  ids: readonly string[],
  items: readonly Record<string, unknown>[],
): readonly ScheduleParts[] {
  const itemsOf = Map.groupBy(items, (item) => item['scheduleId']);
  const listed: ScheduleParts[] = [];
  let characters = 0;
  for (const id of ids) {
    const parts = itemsOf.get(id) ?? [];
    characters += parts.reduce((sum, item) => sum + String(item['input'] ?? '').length, 0);
    if (listed.length > 0 && characters > LARGEST_ANSWER_CHARACTERS) break;
    listed.push(partsOf(parts));
  }
  return listed;
}

async function readAll(
  client: DynamoDBDocumentClient,
  table: string,
  scheduleIds: readonly string[],
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let keys: Record<string, unknown>[] = scheduleIds.flatMap((scheduleId) => [
    { scheduleId, part: 'definition' },
    { scheduleId, part: 'state' },
  ]);
  for (let round = 0; keys.length > 0; round += 1) {
    if (round === MOST_BATCH_ROUNDS)
      throw new Error('Expected a batch read to end, got a partial answer again.');
    const request: BatchGetCommandInput = {
      RequestItems: { [table]: { Keys: keys.slice(0, LARGEST_BATCH), ConsistentRead: true } },
    };
    const { Responses, UnprocessedKeys } = await client.send(new BatchGetCommand(request));
    items.push(...(Responses?.[table] ?? []));
    keys = [...(UnprocessedKeys?.[table]?.Keys ?? []), ...keys.slice(LARGEST_BATCH)];
  }
  return items;
}
