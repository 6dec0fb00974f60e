import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import {
  DELETED,
  definitionFromItem,
  LISTED,
  stateFromItem,
} from '#shared/adapters/dynamodb/schedule-item.ts';
import { SCHEDULES_BY_ID } from '#shared/adapters/dynamodb/schedule-list.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { ScheduleState } from '#shared/domain/schedule/schedule.ts';
import type { SweepPage, SweepStore } from '#shared/ports/sweep-store.ts';

/** Where places are kept: no schedule can have this id, and without a `kind` the items are in no index. */
const PLACES = '#sweep';

const taskPlace = z.object({ sweptTo: z.int(), open: z.array(z.string()) });

/** So many states are read at once, in batches as large as they can be. */
const PAGE_SIZE = 500;

/** See https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const LARGEST_BATCH = 100;

/** The partitions of the index, in the order in which they are swept. */
const PARTITIONS = [LISTED, DELETED];

/** Goes through the Schedules table by its index, at half the price of strong reads: what is read too old is found out at the write. */
export function createSweepStore(client: DynamoDBDocumentClient, table: string): SweepStore {
  return {
    readCursor: () =>
      available(async () => sweepCursor.safeParse(await readPlace(client, table, 'cursor')).data),
    writeCursor: (cursor) =>
      available(() => writePlace(client, table, { part: 'cursor', ...cursor })),
    readComparedTo: () =>
      available(
        async () => comparedTo.safeParse(await readPlace(client, table, 'copies')).data?.after,
      ),
    writeComparedTo: (after) =>
      available(() =>
        writePlace(client, table, { part: 'copies', ...(after !== undefined && { after }) }),
      ),
    setPending: (state, at) =>
      available(() => isWritten(client, pendingParams(table, { state, at }))),
    page: (after) => available(() => readPage(client, table, after)),
    definitions: (scheduleIds) =>
      available(async () => {
        const keys = scheduleIds.map((scheduleId) => ({ scheduleId, part: 'definition' }));
        return (await readItems(client, table, keys)).map(definitionFromItem);
      }),
    readTaskPlace: (taskId) =>
      available(async () => {
        const item = await readPlace(client, table, `task:${taskId}`);
        return item === undefined ? undefined : taskPlace.parse(item);
      }),
    writeTaskPlace: (taskId, place) =>
      available(() => writePlace(client, table, { part: `task:${taskId}`, ...place })),
    moveSweptTo: (state, sweptTo) =>
      available(() => isWritten(client, sweptToParams(table, state, sweptTo))),
  };
}

const comparedTo = z.object({ after: z.string() });

const sweepCursor = z.object({ after: z.string(), roundAt: z.int() });

async function readPlace(
  client: DynamoDBDocumentClient,
  table: string,
  part: string,
): Promise<unknown> {
  const Key = { scheduleId: PLACES, part };
  return (await client.send(new GetCommand({ TableName: table, Key }))).Item;
}

async function writePlace(
  client: DynamoDBDocumentClient,
  table: string,
  place: { readonly part: string },
): Promise<void> {
  await client.send(new PutCommand({ TableName: table, Item: { scheduleId: PLACES, ...place } }));
}

async function readPage(
  client: DynamoDBDocumentClient,
  table: string,
  after: string | undefined,
): Promise<SweepPage> {
  const [kind = LISTED, afterId = ''] = after?.split('/') ?? [];
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand(pageParams(table, kind, afterId)),
  );
  const keys = Items.map(({ scheduleId }) => ({ scheduleId, part: 'state' }));
  const states = (await readItems(client, table, keys)).map(stateFromItem);
  const last = String(Items.at(-1)?.['scheduleId']);
  const next = LastEvaluatedKey ? `${kind}/${last}` : partitionAfter(kind);
  return { states, ...(next !== undefined && { next }) };
}

/** A condition on the sort key, not a start key: that would have to be an item's whole key, which the item after a deletion is not. */
function pageParams(table: string, kind: string, afterId: string): QueryCommandInput {
  const isFirst = afterId === '';
  return {
    TableName: table,
    IndexName: SCHEDULES_BY_ID,
    KeyConditionExpression: isFirst ? 'kind = :kind' : 'kind = :kind AND scheduleId > :afterId',
    ExpressionAttributeValues: { ':kind': kind, ...(!isFirst && { ':afterId': afterId }) },
    Limit: PAGE_SIZE,
  };
}

function partitionAfter(kind: string): string | undefined {
  const next = PARTITIONS[PARTITIONS.indexOf(kind) + 1];
  return next === undefined ? undefined : `${next}/`;
}

/** What a busy table leaves unread is left to the next round of sweeps. */
async function readItems(
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly Record<string, unknown>[],
): Promise<readonly Record<string, unknown>[]> {
  const batches = Array.from({ length: Math.ceil(keys.length / LARGEST_BATCH) }, (_, at) =>
    keys.slice(at * LARGEST_BATCH, (at + 1) * LARGEST_BATCH),
  );
  const answers = await Promise.all(
    batches.map((Keys) =>
      client.send(new BatchGetCommand({ RequestItems: { [table]: { Keys } } })),
    ),
  );
  return answers.flatMap(({ Responses }) => Responses?.[table] ?? []);
}

/**
 * Moves on where a schedule is swept to. EventBridge need not see it, so the generation stays.
 *
 *     swept to A ── nobody has written it, nor asked for a job ── moveSweptTo ──▶ swept to B
 */
function sweptToParams(
  table: string,
  { scheduleId, generation, sweptTo: read, askedAt }: ScheduleState,
  sweptTo: EpochSeconds,
): UpdateCommandInput {
  return {
    TableName: table,
    Key: { scheduleId, part: 'state' },
    UpdateExpression: 'SET sweptTo = :sweptTo',
    ConditionExpression: [
      'generation = :generation',
      read === undefined ? 'attribute_not_exists(sweptTo)' : 'sweptTo = :read',
      askedAt === undefined ? 'attribute_not_exists(askedAt)' : 'askedAt = :askedAt',
    ].join(' AND '),
    ExpressionAttributeValues: {
      ':sweptTo': sweptTo,
      ':generation': generation,
      ...(read !== undefined && { ':read': read }),
      ...(askedAt !== undefined && { ':askedAt': askedAt }),
    },
  };
}

/**
 * Has EventBridge follow once more.
 *
 *     active | completed, generation n ── setPending ──▶ pending, generation n ── the stream ──▶ project-schedules
 */
function pendingParams(
  table: string,
  { state, at }: { readonly state: ScheduleState; readonly at: EpochSeconds },
): UpdateCommandInput {
  const { scheduleId, generation, sync } = state;
  return {
    TableName: table,
    Key: { scheduleId, part: 'state' },
    UpdateExpression: 'SET #sync.#state = :pending, #sync.#at = :at',
    ConditionExpression: 'generation = :generation AND #sync.#state = :read',
    ExpressionAttributeNames: { '#sync': 'sync', '#state': 'state', '#at': 'at' },
    ExpressionAttributeValues: {
      ':pending': 'pending',
      ':at': at,
      ':generation': generation,
      ':read': sync.state,
    },
  };
}

async function isWritten(
  client: DynamoDBDocumentClient,
  params: UpdateCommandInput,
): Promise<boolean> {
  try {
    await client.send(new UpdateCommand(params));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

async function available<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    return throwUnavailable(error, 'the Schedules table');
  }
}
