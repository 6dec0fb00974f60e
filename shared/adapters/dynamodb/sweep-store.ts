import {
  BatchGetCommand,
  type BatchGetCommandInput,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { DELETED, LISTED, stateFromItem } from '#shared/adapters/dynamodb/schedule-item.ts';
import { SCHEDULES_BY_ID } from '#shared/adapters/dynamodb/schedule-list.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { SweepPage, SweepStore } from '#shared/ports/sweep-store.ts';

/** Where the cursor lies: no schedule can have this id, and without a `kind` the item is in no index. */
const CURSOR_KEY = { scheduleId: '#sweep', part: 'cursor' };

/** As many states as one batch reads. */
const PAGE_SIZE = 100;

/** The partitions of the index, in the order in which they are swept. */
const PARTITIONS = [LISTED, DELETED];

/** Goes through the Schedules table by its index, at half the price of strong reads: what is read too old is found out at the write. */
export function createSweepStore(client: DynamoDBDocumentClient, table: string): SweepStore {
  return {
    readCursor: () =>
      available(async () => {
        const { Item } = await client.send(new GetCommand({ TableName: table, Key: CURSOR_KEY }));
        const { cursor }: { readonly cursor?: unknown } = Object(Item);
        return typeof cursor === 'string' ? cursor : undefined;
      }),
    writeCursor: (cursor) =>
      available(async () => {
        const Item = { ...CURSOR_KEY, ...(cursor !== undefined && { cursor }) };
        await client.send(new PutCommand({ TableName: table, Item }));
      }),
    page: (after) => available(() => readPage(client, table, after)),
  };
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
  const states = await readStates(client, table, keys);
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
async function readStates(
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly Record<string, unknown>[],
): Promise<SweepPage['states']> {
  if (keys.length === 0) return [];
  const request: BatchGetCommandInput = { RequestItems: { [table]: { Keys: [...keys] } } };
  const { Responses } = await client.send(new BatchGetCommand(request));
  return (Responses?.[table] ?? []).map(stateFromItem);
}

async function available<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    return throwUnavailable(error, 'the Schedules table');
  }
}
