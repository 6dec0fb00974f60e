import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { ScheduleStatus } from '#shared/domain/job/decide-skip.ts';
import type { PauseState } from '#shared/domain/schedule/pause.ts';
import type { ScheduleStatusReader } from '#shared/ports/schedule-status.ts';

/** Reads schedules' states from the Schedules table, without the schema library that the whole schedule needs. */
export function createScheduleStatusReader(
  client: DynamoDBDocumentClient,
  table: string,
): ScheduleStatusReader {
  return {
    read: async (scheduleId) => {
      try {
        const { Items } = await client.send(new QueryCommand(statusParams(table, scheduleId)));
        return statusOf(Items?.[0]);
      } catch (error) {
        return throwUnavailable(error, 'the Schedules table');
      }
    },
  };
}

/** A query for one item, as the query is what every reader of schedules is allowed. */
function statusParams(table: string, scheduleId: string): QueryCommandInput {
  return {
    TableName: table,
    KeyConditionExpression: 'scheduleId = :scheduleId AND part = :state',
    ExpressionAttributeValues: { ':scheduleId': scheduleId, ':state': 'state' },
    ConsistentRead: true,
  };
}

function statusOf(state: Readonly<Record<string, unknown>> | undefined): ScheduleStatus {
  if (state === undefined) return { kind: 'absent' };
  const deletedAt = instantOf(state['deletedAt']);
  const pause = pauseIn(state);
  if (deletedAt !== undefined) return { kind: 'deleted', at: deletedAt, ...pause };
  return pause.paused || pause.passedOver ? { kind: 'paused', ...pause } : { kind: 'active' };
}

function pauseIn(state: Readonly<Record<string, unknown>>): PauseState {
  const { since, until }: Readonly<Record<string, unknown>> = Object(state['paused']);
  const { from, to }: Readonly<Record<string, unknown>> = Object(state['passedOver']);
  const [start, end] = [instantOf(since), instantOf(until)];
  const [first, last] = [instantOf(from), instantOf(to)];
  return {
    ...(start !== undefined && {
      paused: { since: start, ...(end !== undefined && { until: end }) },
    }),
    ...(first !== undefined && last !== undefined && { passedOver: { from: first, to: last } }),
  };
}

function instantOf(value: unknown): EpochSeconds | undefined {
  return typeof value === 'number' ? value : undefined;
}
