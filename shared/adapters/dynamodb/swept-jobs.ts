import {
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { jobFromItem, LISTED_ATTRIBUTES } from '#shared/adapters/dynamodb/job-item.ts';
import { startInItem } from '#shared/adapters/dynamodb/queued-start.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { fireTimeOf } from '#shared/domain/job/job-key.ts';
import type { SweptRow } from '#shared/domain/job/open-job.ts';
import type { SweptJobs } from '#shared/ports/swept-jobs.ts';

/** So many answers of up to 1 MB are read of one partition: more than a day of one job a minute, each with 8 KB of result in its row. */
const MOST_ANSWERS = 12;

const ATTRIBUTES = [...LISTED_ATTRIBUTES, 'owner', 'leaseUntil', 'start'];

/** Looks at the Jobs table, at half the price of strong reads: whatever is done about a job is conditional. */
export function createSweptJobs(client: DynamoDBDocumentClient, table: string): SweptJobs {
  return {
    between: async (scheduleId, { from, to }) => {
      const rows: SweptRow[] = [];
      let next: QueryCommandInput['ExclusiveStartKey'];
      for (let answer = 0; answer < MOST_ANSWERS; answer += 1) {
        const params = rangeParams(table, { scheduleId, from: toIso(from), to: toIso(to) }, next);
        const { Items = [], LastEvaluatedKey } = await answered(
          client.send(new QueryCommand(params)),
        );
        rows.push(...Items.map(rowFromItem));
        next = LastEvaluatedKey;
        if (!next) return { rows, to };
      }
      // Of the last one's second there may be more.
      const last = rows.at(-1);
      return { rows, to: last ? Math.max(fireTimeOf(last.key), from) - 1 : to };
    },
    find: async ({ scheduleId, fireTime }) => {
      const Key = { scheduleId, fireTime };
      const command = new GetCommand({ TableName: table, Key, ...WANTED });
      const { Item } = await answered(client.send(command));
      return Item && rowFromItem(Item);
    },
  };
}

const WANTED = {
  ProjectionExpression: ATTRIBUTES.map((name) => `#${name}`).join(', '),
  ExpressionAttributeNames: Object.fromEntries(ATTRIBUTES.map((name) => [`#${name}`, name])),
};

interface Range {
  readonly scheduleId: string;
  readonly from: string;
  readonly to: string;
}

/** What has a suffix comes after the instant itself, and before anything that begins with the instant and `~~`. */
function rangeParams(
  table: string,
  { scheduleId, from, to }: Range,
  next: QueryCommandInput['ExclusiveStartKey'],
): QueryCommandInput {
  return {
    TableName: table,
    KeyConditionExpression: '#scheduleId = :scheduleId AND #fireTime BETWEEN :from AND :to',
    ...WANTED,
    ExpressionAttributeValues: { ':scheduleId': scheduleId, ':from': from, ':to': `${to}~~` },
    ...(next && { ExclusiveStartKey: next }),
  };
}

function rowFromItem(item: Readonly<Record<string, unknown>>): SweptRow {
  const { scheduleId, fireTime, state, start } = item;
  const key = { scheduleId: String(scheduleId), fireTime: String(fireTime) };
  if (state === 'settled') return { key };
  return {
    key,
    open: {
      job: jobFromItem(item),
      ...(start !== undefined && { start: startInItem(item) }),
    },
  };
}

async function answered<T>(sending: Promise<T>): Promise<T> {
  try {
    return await sending;
  } catch (error) {
    return throwUnavailable(error, 'the Jobs table');
  }
}
