import { GetItemCommand, type GetItemCommandInput } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  type GetCommandInput,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { standingOf } from '#shared/adapters/dynamodb/job-standing.ts';
import { startInItem } from '#shared/adapters/dynamodb/queued-start.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import { BY_WAITING } from '#shared/domain/job/job-index.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';
import type { SlotGroup } from '#shared/domain/job/slot.ts';
import type { Start } from '#shared/domain/job/start.ts';
import type { WaitingJobs } from '#shared/ports/waiting-jobs.ts';

/** The index may still list jobs that wait no longer; so many are looked at. */
const MOST_CANDIDATES = 5;

/** Finds the jobs that wait for their turn in the Jobs table. */
export function createWaitingJobs(client: DynamoDBDocumentClient, table: string): WaitingJobs {
  return {
    oldest: async (group) => {
      try {
        const { Items = [] } = await client.send(new QueryCommand(waitingParams(table, group)));
        for (const { scheduleId, fireTime } of Items) {
          const start = await readWaiting(client, rowParams(table, { scheduleId, fireTime }));
          if (start) return start;
        }
        return undefined;
      } catch (error) {
        return throwUnavailable(error, 'the Jobs table');
      }
    },
    standing: async (key) => {
      try {
        const { Item } = await client.send(new GetItemCommand(standingParams(table, key)));
        return Item && standingOf(Item);
      } catch (error) {
        return throwUnavailable(error, 'the Jobs table');
      }
    },
  };
}

function waitingParams(table: string, group: SlotGroup): QueryCommandInput {
  return {
    TableName: table,
    IndexName: BY_WAITING,
    KeyConditionExpression: 'waitingFor = :group',
    ExpressionAttributeValues: { ':group': group },
    Limit: MOST_CANDIDATES,
  };
}

function rowParams(table: string, Key: Readonly<Record<string, unknown>>): GetCommandInput {
  return {
    TableName: table,
    Key,
    ConsistentRead: true,
    ProjectionExpression: '#start, waitingFor',
    ExpressionAttributeNames: { '#start': 'start' },
  };
}

async function readWaiting(
  client: DynamoDBDocumentClient,
  params: GetCommandInput,
): Promise<Start | undefined> {
  const { Item } = await client.send(new GetCommand(params));
  return Item?.['waitingFor'] === undefined ? undefined : startInItem(Item);
}

/** All of a standing, and nothing of a result, which may be long. */
function standingParams(table: string, { scheduleId, fireTime }: JobKey): GetItemCommandInput {
  const names = [
    ...['state', 'attempt', 'owner', 'leaseUntil', 'cancelRequested', 'outcome'],
    ...['startedAt', 'attempts', 'waitingFor', 'lookAgainAt'],
  ];
  return {
    TableName: table,
    Key: { scheduleId: { S: scheduleId }, fireTime: { S: fireTime } },
    ConsistentRead: true,
    ProjectionExpression: names.map((name) => `#${name}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
  };
}
