import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ulid } from 'ulid';
import { createBackdatedJobs } from '#shared/adapters/dynamodb/backdated-jobs.ts';
import { BACKDATING_ITEMS } from '#shared/adapters/dynamodb/backdating-item.ts';
import { createErrandStore } from '#shared/adapters/dynamodb/errand-store.ts';
import { createJobRetention } from '#shared/adapters/dynamodb/job-retention.ts';
import { logger } from '#shared/adapters/logger.ts';
import { readEnvironment } from '#shared/adapters/read-environment.ts';
import { createPayloadCopies } from '#shared/adapters/s3/payload-copies.ts';
import { createStartQueue } from '#shared/adapters/sqs/start-queue.ts';
import { now } from '#shared/adapters/system-clock.ts';
import { errandMessage } from '#shared/contracts/errand-message.ts';
import { ENVIRONMENT } from './environment.ts';
import { runBackdating } from './run-backdating.ts';

const environment = readEnvironment(ENVIRONMENT);
const table = DynamoDBDocumentClient.from(new DynamoDBClient());

const ports = {
  now,
  newMark: () => ulid(),
  newName: () => randomBytes(9).toString('base64url'),
  errands: createErrandStore(table, environment.SCHEDULES_TABLE, BACKDATING_ITEMS),
  jobs: createBackdatedJobs(table, environment.JOBS_TABLE),
  jobRetention: createJobRetention(table, environment.JOBS_TABLE, now),
  payloadCopies: createPayloadCopies(environment.PAYLOAD_BUCKET),
  queue: createStartQueue({ queueUrl: environment.STARTS_QUEUE_URL, now }),
};

/** Takes the word that a backdating has its next step to do, from the starts queue. */
export async function handler(event: unknown): Promise<void> {
  const message = errandMessage.parse(event);
  const stepped = await runBackdating(message, ports);
  logger.info('Took a step of a backdating.', { ...message, stepped });
}
