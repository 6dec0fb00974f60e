import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createScheduleStore } from '#shared/adapters/dynamodb/schedule-store.ts';
import { createSweepStore } from '#shared/adapters/dynamodb/sweep-store.ts';
import { logger } from '#shared/adapters/logger.ts';
import { readEnvironment } from '#shared/adapters/read-environment.ts';
import { createStartQueue } from '#shared/adapters/sqs/start-queue.ts';
import { now } from '#shared/adapters/system-clock.ts';
import { ENVIRONMENT } from './environment.ts';
import { sweep } from './sweep.ts';

const environment = readEnvironment(ENVIRONMENT);
const table = DynamoDBDocumentClient.from(new DynamoDBClient());

const ports = {
  now,
  store: createSweepStore(table, environment.SCHEDULES_TABLE),
  schedules: createScheduleStore(table, environment.SCHEDULES_TABLE),
  queue: createStartQueue({ queueUrl: environment.STARTS_QUEUE_URL, now }),
};

/** Sweeps once, whatever calls it. */
export async function handler(): Promise<void> {
  const swept = await sweep(ports);
  if (swept.advanced + swept.woken > 0) logger.warn('Set going what stood still.', { ...swept });
  else logger.debug('Found nothing that stands still.', { ...swept });
}
