import {
  type DynamoDBDocumentClient,
  paginateQuery,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { EDGE_PREFIX } from '#shared/adapters/dynamodb/edge-params.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import type { Edge } from '#shared/domain/schedule/edge.ts';
import type { DependentStore } from '#shared/ports/dependent-store.ts';

const edgeItem = z
  .object({
    scheduleId: z.string(),
    part: z.string().startsWith(EDGE_PREFIX),
    outcomes: z.array(z.enum(OUTCOMES)),
    since: z.int(),
  })
  .transform(
    ({ scheduleId, part, outcomes, since }): Edge => ({
      upstreamId: scheduleId,
      dependentId: part.slice(EDGE_PREFIX.length),
      outcomes,
      since,
    }),
  );

/** Reads edges from the Schedules table. */
export function createDependentStore(
  client: DynamoDBDocumentClient,
  table: string,
): DependentStore {
  return {
    list: async (upstreamId) => {
      const items: unknown[] = [];
      try {
        // Nearly always one page, as 1 MB holds some 5,000 edges.
        for await (const { Items = [] } of paginateQuery({ client }, edgeParams(table, upstreamId)))
          items.push(...Items);
      } catch (error) {
        return throwUnavailable(error, 'the Schedules table');
      }
      return items.map((item) => edgeItem.parse(item));
    },
  };
}

function edgeParams(table: string, upstreamId: string): QueryCommandInput {
  return {
    TableName: table,
    KeyConditionExpression: 'scheduleId = :id AND begins_with(part, :edges)',
    ExpressionAttributeValues: { ':id': upstreamId, ':edges': EDGE_PREFIX },
    ConsistentRead: true,
  };
}
