import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { BatchResponse } from '#shared/adapters/batch-response.ts';
import { createScheduleStore } from '#shared/adapters/dynamodb/schedule-store.ts';
import { answerStream, parseStreamEvent } from '#shared/adapters/dynamodb/stream-event.ts';
import { readAdoptedTasks, taskFunctionArns } from '#shared/adapters/lambda/task-function-arns.ts';
import { readEnvironment } from '#shared/adapters/read-environment.ts';
import { createEventBridgeSchedules } from '#shared/adapters/scheduler/event-bridge-schedules.ts';
import { createStartQueue } from '#shared/adapters/sqs/start-queue.ts';
import { now } from '#shared/adapters/system-clock.ts';
import { ENVIRONMENT } from './environment.ts';
import { projectSchedule } from './project-schedules.ts';

const environment = readEnvironment(ENVIRONMENT);
const table = DynamoDBDocumentClient.from(new DynamoDBClient());

const ports = {
  now,
  schedules: createScheduleStore(table, environment.SCHEDULES_TABLE),
  eventBridge: createEventBridgeSchedules(new SchedulerClient(), {
    group: environment.SCHEDULE_GROUP,
    roleArn: environment.SCHEDULER_ROLE_ARN,
    taskFunctionArn: taskFunctionArns(environment.TASK_FUNCTION_ARN_PREFIX, readAdoptedTasks()),
    advanceFunctionArn: environment.ADVANCE_FUNCTION_ARN,
    deadLetterQueueArn: environment.UNDELIVERED_QUEUE_ARN,
  }),
  queue: createStartQueue({ queueUrl: environment.STARTS_QUEUE_URL, now }),
};

/** Takes the schedules that have changed from the table's stream. */
export function handler(event: unknown): Promise<BatchResponse> {
  return answerStream(parseStreamEvent(event), ({ keys }) =>
    projectSchedule(String(keys['scheduleId']), ports),
  );
}
