import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { batchGet } from '#shared/adapters/dynamodb/batch-get.ts';
import { readCostOf, TELL_UNITS } from '#shared/adapters/dynamodb/read-cost-of.ts';
import {
  dayOfPart,
  dayPart,
  TOTAL_KIND,
  USAGE_BY_ID,
  usageFromItem,
} from '#shared/adapters/dynamodb/usage-item.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import { addCosts } from '#shared/domain/read-cost.ts';
import type { UsageDays, UsageListing, UsagePage, UsageReader } from '#shared/ports/usage-store.ts';

/** Reads sums from the Usage table. */
export function createUsageReader(client: DynamoDBDocumentClient, table: string): UsageReader {
  return {
    totals: (scheduleIds) => available(() => readTotals(client, table, scheduleIds)),
    list: (listing) => available(() => listTotals(client, table, listing)),
    days: (days) => available(() => readDays(client, table, days)),
  };
}

const keyItem = z.object({ scheduleId: z.string(), part: z.string() });

async function readTotals(
  client: DynamoDBDocumentClient,
  table: string,
  scheduleIds: readonly string[],
): Promise<UsagePage> {
  const keys = scheduleIds.map((scheduleId) => ({ scheduleId, part: 'total' }));
  const { items, cost } = await batchGet(client, table, keys);
  const found = new Map(items.map((item) => [keyItem.parse(item).scheduleId, item]));
  const usages = scheduleIds.flatMap((scheduleId) => {
    const item = found.get(scheduleId);
    return item ? [{ scheduleId, usage: usageFromItem(item) }] : [];
  });
  return { usages, cost };
}

async function listTotals(
  client: DynamoDBDocumentClient,
  table: string,
  listing: UsageListing,
): Promise<UsagePage> {
  const answer = await client.send(new QueryCommand(listParams(table, listing)));
  const ids = (answer.Items ?? []).map((item) => keyItem.parse(item).scheduleId);
  const { usages, cost } = await readTotals(client, table, ids);
  const next = answer.LastEvaluatedKey && ids.at(-1);
  return {
    usages,
    ...(next !== undefined && { next }),
    cost: addCosts([readCostOf(answer), cost]),
  };
}

function listParams(table: string, { limit, after }: UsageListing): QueryCommandInput {
  return {
    TableName: table,
    IndexName: USAGE_BY_ID,
    KeyConditionExpression: 'kind = :total',
    ExpressionAttributeValues: { ':total': TOTAL_KIND },
    Limit: limit,
    ...(after !== undefined && {
      ExclusiveStartKey: { kind: TOTAL_KIND, scheduleId: after, part: 'total' },
    }),
    ...TELL_UNITS,
  };
}

async function readDays(
  client: DynamoDBDocumentClient,
  table: string,
  { scheduleId, from, to }: UsageDays,
) {
  const answer = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'scheduleId = :scheduleId AND part BETWEEN :from AND :to',
      ExpressionAttributeValues: {
        ':scheduleId': scheduleId,
        ':from': dayPart(from),
        ':to': dayPart(to),
      },
      ...TELL_UNITS,
    }),
  );
  const days = (answer.Items ?? []).map((item) => ({
    day: dayOfPart(keyItem.parse(item).part),
    usage: usageFromItem(item),
  }));
  return { days, cost: readCostOf(answer) };
}

async function available<T>(reading: () => Promise<T>): Promise<T> {
  try {
    return await reading();
  } catch (error) {
    return throwUnavailable(error, 'the Usage table');
  }
}
