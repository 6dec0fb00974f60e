import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { readCostOf, TELL_UNITS } from '#shared/adapters/dynamodb/read-cost-of.ts';
import { rollupFromItem, rollupKeyOf } from '#shared/adapters/dynamodb/rollup-item.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import { rollupPart } from '#shared/domain/rollup/rollup-part.ts';
import type { RollupPage, RollupRange, RollupReader } from '#shared/ports/rollup-store.ts';

/** Reads rollups from the Usage table. */
export function createRollupReader(client: DynamoDBDocumentClient, table: string): RollupReader {
  return {
    page: async (range) => {
      try {
        return await readPage(client, table, range);
      } catch (error) {
        return throwUnavailable(error, 'the Usage table');
      }
    },
  };
}

async function readPage(
  client: DynamoDBDocumentClient,
  table: string,
  range: RollupRange,
): Promise<RollupPage> {
  const answer = await client.send(new QueryCommand(pageParams(table, range)));
  const found = (answer.Items ?? []).map((item) => ({
    from: rollupKeyOf(item).from,
    rollup: rollupFromItem(item),
  }));
  return {
    rollups: found.filter(({ rollup }) => rollup.expiresAt > range.now),
    ...(answer.LastEvaluatedKey && { next: rollupKeyOf(answer.LastEvaluatedKey).part }),
    cost: readCostOf(answer),
  };
}

/** A page has as much as DynamoDB looks at in one read, 1 MB. */
function pageParams(
  table: string,
  { scheduleId, grain, from, to, after }: RollupRange,
): QueryCommandInput {
  return {
    TableName: table,
    KeyConditionExpression: 'scheduleId = :scheduleId AND part BETWEEN :from AND :to',
    ExpressionAttributeValues: {
      ':scheduleId': scheduleId,
      ':from': rollupPart(grain, from),
      ':to': rollupPart(grain, to),
    },
    ...(after !== undefined && { ExclusiveStartKey: { scheduleId, part: after } }),
    ...TELL_UNITS,
  };
}
