import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { BatchResponse } from '#shared/adapters/batch-response.ts';
import { createJobReader } from '#shared/adapters/dynamodb/job-reader.ts';
import { createScheduleStore } from '#shared/adapters/dynamodb/schedule-store.ts';
import { createAuditInvoker } from '#shared/adapters/lambda/audit-invoker.ts';
import { createErrandInvoker } from '#shared/adapters/lambda/errand-invoker.ts';
import { createScheduleAdvancer } from '#shared/adapters/lambda/schedule-advancer.ts';
import { readAdoptedTasks, taskFunctionArns } from '#shared/adapters/lambda/task-function-arns.ts';
import { createTaskInvoker } from '#shared/adapters/lambda/task-invoker.ts';
import { logger } from '#shared/adapters/logger.ts';
import { readEnvironment } from '#shared/adapters/read-environment.ts';
import { answerBatch, parseQueueEvent } from '#shared/adapters/sqs/queue-event.ts';
import { createStartQueue } from '#shared/adapters/sqs/start-queue.ts';
import { now } from '#shared/adapters/system-clock.ts';
import { ENVIRONMENT, WHERE_TASKS_ARE_ADOPTED } from './environment.ts';
import { readMessage } from './read-message.ts';
import { startJobs } from './start-jobs.ts';
import { startUnsettled } from './start-unsettled.ts';

const environment = readEnvironment(ENVIRONMENT);
const table = DynamoDBDocumentClient.from(new DynamoDBClient());

const lambda = new LambdaClient();
const adopted = readAdoptedTasks();
const tasks = createTaskInvoker(
  lambda,
  taskFunctionArns(environment.TASK_FUNCTION_ARN_PREFIX, adopted),
);

const ports = {
  now,
  queue: createStartQueue({ queueUrl: environment.STARTS_QUEUE_URL, now }),
  tasks:
    adopted.size === 0
      ? tasks
      : startUnsettled(tasks, {
          isAdopted: (taskId) => adopted.has(taskId),
          jobs: createJobReader(table, readEnvironment(WHERE_TASKS_ARE_ADOPTED).JOBS_TABLE),
        }),
  advancer: createScheduleAdvancer(lambda, environment.ADVANCE_FUNCTION_ARN),
  audits: createAuditInvoker(lambda, environment.AUDIT_FUNCTION_ARN),
  errands: createErrandInvoker(lambda, {
    backdating: environment.BACKDATING_FUNCTION_ARN,
    backfill: environment.BACKFILL_FUNCTION_ARN,
  }),
  schedules: createScheduleStore(table, environment.SCHEDULES_TABLE),
};

/** Takes messages from the starts queue; one that fails is delivered again by itself. */
export function handler(event: unknown): Promise<BatchResponse> {
  return answerBatch(parseQueueEvent(event), async ({ body, messageId }) => {
    const done = await startJobs(readMessage(body), ports);
    logger.debug('Took a message.', { messageId, done });
  });
}
