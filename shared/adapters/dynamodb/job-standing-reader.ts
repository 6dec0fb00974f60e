import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { batchGet } from '#shared/adapters/dynamodb/batch-get.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import { type EpochSeconds, fromIso, toIso } from '#shared/domain/epoch-seconds.ts';
import { JOB_STATES } from '#shared/domain/job/job.ts';
import { fireTimeOf } from '#shared/domain/job/job-key.ts';
import type { JobStandingReader } from '#shared/ports/job-standings.ts';

/** So many answers of up to 1 MB are read of one span. */
const MOST_ANSWERS = 5;

const standingItem = z.object({ fireTime: z.string(), state: z.enum(JOB_STATES) });

/** Looks at the Jobs table. */
export function createJobStandingReader(
  client: DynamoDBDocumentClient,
  table: string,
): JobStandingReader {
  return {
    between: async (scheduleId, { from, to }) => {
      const items: unknown[] = [];
      let next: QueryCommandInput['ExclusiveStartKey'];
      for (let answer = 0; answer < MOST_ANSWERS; answer += 1) {
        const params = spanParams(table, scheduleId, { from, to });
        const { Items = [], LastEvaluatedKey } = await answered(
          client.send(new QueryCommand({ ...params, ...(next && { ExclusiveStartKey: next }) })),
        );
        items.push(...Items);
        next = LastEvaluatedKey;
        if (!next) return { standings: standingsIn(items), to };
      }
      const last = String(next?.['fireTime']);
      return { standings: standingsIn(items), to: fireTimeOf({ scheduleId, fireTime: last }) };
    },
    of: async (scheduleId, fireTimes) => {
      const keys = fireTimes.map((fireTime) => ({ scheduleId, fireTime: toIso(fireTime) }));
      const { items } = await answered(batchGet(client, table, keys));
      return standingsIn(items);
    },
  };
}

/** The jobs that someone asked for, whose fire times have a suffix, lie among the others; the last second's do not. */
function spanParams(
  table: string,
  scheduleId: string,
  { from, to }: { readonly from: EpochSeconds; readonly to: EpochSeconds },
): QueryCommandInput {
  return {
    TableName: table,
    KeyConditionExpression: 'scheduleId = :scheduleId AND #fireTime BETWEEN :from AND :to',
    ExpressionAttributeValues: {
      ':scheduleId': scheduleId,
      ':from': toIso(from),
      ':to': toIso(to),
    },
    ConsistentRead: true,
    ProjectionExpression: '#fireTime, #state',
    ExpressionAttributeNames: { '#fireTime': 'fireTime', '#state': 'state' },
  };
}

function standingsIn(items: readonly unknown[]): ReadonlyMap<EpochSeconds, 'open' | 'settled'> {
  const standings = new Map<EpochSeconds, 'open' | 'settled'>();
  for (const item of items) {
    const { fireTime, state } = standingItem.parse(item);
    const instant = fromIso(fireTime);
    if (instant !== undefined) standings.set(instant, state === 'settled' ? state : 'open');
  }
  return standings;
}

async function answered<T>(sending: Promise<T>): Promise<T> {
  try {
    return await sending;
  } catch (error) {
    return throwUnavailable(error, 'the Jobs table');
  }
}
