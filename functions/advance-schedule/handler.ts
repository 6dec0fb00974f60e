import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createJobStore } from '#shared/adapters/dynamodb/job-store.ts';
import { createPlanStore } from '#shared/adapters/dynamodb/plan-store.ts';
import { createScheduleStore } from '#shared/adapters/dynamodb/schedule-store.ts';
import { logger } from '#shared/adapters/logger.ts';
import { readEnvironment } from '#shared/adapters/read-environment.ts';
import { createStartQueue } from '#shared/adapters/sqs/start-queue.ts';
import { now } from '#shared/adapters/system-clock.ts';
import { advanceMessage } from '#shared/contracts/advance-message.ts';
import { advanceSchedule } from './advance-schedule.ts';
import { ENVIRONMENT } from './environment.ts';

const environment = readEnvironment(ENVIRONMENT);
const table = DynamoDBDocumentClient.from(new DynamoDBClient());

const ports = {
  now,
  schedules: createScheduleStore(table, environment.SCHEDULES_TABLE),
  plans: createPlanStore(table, environment.SCHEDULES_TABLE),
  jobs: createJobStore(table, environment.JOBS_TABLE),
  queue: createStartQueue({ queueUrl: environment.STARTS_QUEUE_URL, now }),
};

/** Takes the word that a planned schedule's fire time has come, from EventBridge or from the starts queue. */
export async function handler(event: unknown): Promise<void> {
  const advance = advanceMessage.parse(event);
  const end = await advanceSchedule(advance, ports);
  logger.debug('Took a fire time.', { ...advance, end });
}
