import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import { type EpochSeconds, fromIso } from '#shared/domain/epoch-seconds.ts';
import type { ScheduleStatus } from '#shared/domain/job/decide-skip.ts';
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
  if (deletedAt !== undefined) return { kind: 'deleted', at: deletedAt };
  const { since }: { readonly since?: unknown } = Object(state['paused']);
  const pausedSince = instantOf(since);
  return pausedSince === undefined ? { kind: 'active' } : { kind: 'paused', since: pausedSince };
}

function instantOf(value: unknown): EpochSeconds | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? fromIso(value) : undefined;
}
