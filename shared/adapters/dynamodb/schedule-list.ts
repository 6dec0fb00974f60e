import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { batchGet } from '#shared/adapters/dynamodb/batch-get.ts';
import { readCostOf, TELL_UNITS } from '#shared/adapters/dynamodb/read-cost-of.ts';
import { LISTED, schedulePartsOf } from '#shared/adapters/dynamodb/schedule-item.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import { addCosts } from '#shared/domain/read-cost.ts';
import type { StoredSchedule } from '#shared/domain/schedule/schedule.ts';
import type { SchedulePage, ScheduleParts } from '#shared/ports/schedule-store.ts';

/** The index that lists schedules by id. */
export const SCHEDULES_BY_ID = 'byId';

/**
 * Inputs of this length in all fill a page, whatever its limit: Lambda answers with 6 MB at most, and a character may take three bytes.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const LARGEST_ANSWER_CHARACTERS = 1_048_576;

/** Lists schedules in the order of their ids: one query of the index, and a batch read of what it names. */
export async function listSchedules(
  client: DynamoDBDocumentClient,
  table: string,
  page: PlaceInList,
): Promise<SchedulePage> {
  try {
    const answer = await client.send(new QueryCommand(listParams(table, page)));
    const ids = (answer.Items ?? []).map((item) => String(item['scheduleId']));
    const { items, cost } = await batchGet(client, table, ids.flatMap(partKeys));
    const listed = cutToAnswer(ids, items);
    const schedules = listed.flatMap(({ definition, state }): StoredSchedule[] =>
      // The index may still name a schedule that has just been deleted.
      definition && state && state.deletedAt === undefined ? [{ definition, state }] : [],
    );
    const hasMore = answer.LastEvaluatedKey !== undefined || listed.length < ids.length;
    const next = hasMore ? ids[listed.length - 1] : undefined;
    return {
      schedules,
      ...(next !== undefined && { next }),
      cost: addCosts([readCostOf(answer), cost]),
    };
  } catch (error) {
    return throwUnavailable(error, 'the Schedules table');
  }
}

interface PlaceInList {
  readonly limit: number;
  readonly after?: string;
}

function listParams(table: string, { limit, after }: PlaceInList): QueryCommandInput {
  return {
    TableName: table,
    IndexName: SCHEDULES_BY_ID,
    KeyConditionExpression: 'kind = :listed',
    ExpressionAttributeValues: { ':listed': LISTED },
    Limit: limit,
    ...(after !== undefined && {
      ExclusiveStartKey: { kind: LISTED, scheduleId: after, part: 'definition' },
    }),
    ...TELL_UNITS,
  };
}

function partKeys(scheduleId: string) {
  return [
    { scheduleId, part: 'definition' },
    { scheduleId, part: 'state' },
  ];
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
    listed.push(schedulePartsOf(parts));
  }
  return listed;
}
