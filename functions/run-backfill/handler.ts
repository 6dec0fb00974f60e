import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ulid } from 'ulid';
import { BACKFILL_ITEMS } from '#shared/adapters/dynamodb/backfill-item.ts';
import { createErrandStore } from '#shared/adapters/dynamodb/errand-store.ts';
import { createJobStandingReader } from '#shared/adapters/dynamodb/job-standing-reader.ts';
import { createScheduleStore } from '#shared/adapters/dynamodb/schedule-store.ts';
import { logger } from '#shared/adapters/logger.ts';
import { readEnvironment } from '#shared/adapters/read-environment.ts';
import { createStartQueue } from '#shared/adapters/sqs/start-queue.ts';
import { now } from '#shared/adapters/system-clock.ts';
import { errandMessage } from '#shared/contracts/errand-message.ts';
import { ENVIRONMENT } from './environment.ts';
import { runBackfill } from './run-backfill.ts';

const environment = readEnvironment(ENVIRONMENT);
const table = DynamoDBDocumentClient.from(new DynamoDBClient());

const ports = {
  now,
  newMark: () => ulid(),
  schedules: createScheduleStore(table, environment.SCHEDULES_TABLE),
  errands: createErrandStore(table, environment.SCHEDULES_TABLE, BACKFILL_ITEMS),
  jobs: createJobStandingReader(table, environment.JOBS_TABLE),
  queue: createStartQueue({ queueUrl: environment.STARTS_QUEUE_URL, now }),
};

/** Takes the word that a backfill has its next step to do, from the starts queue. */
export async function handler(event: unknown): Promise<void> {
  const message = errandMessage.parse(event);
  const stepped = await runBackfill(message, ports);
  logger.info('Took a step of a backfill.', { ...message, stepped });
}
