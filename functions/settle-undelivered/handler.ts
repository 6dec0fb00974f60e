import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { BatchResponse } from '#shared/adapters/batch-response.ts';
import { createJobReader } from '#shared/adapters/dynamodb/job-reader.ts';
import { createJobStore } from '#shared/adapters/dynamodb/job-store.ts';
import { logger } from '#shared/adapters/logger.ts';
import { readEnvironment } from '#shared/adapters/read-environment.ts';
import { createPayloadStore } from '#shared/adapters/s3/payload-store.ts';
import { createLetterQueue } from '#shared/adapters/sqs/letter-queue.ts';
import { answerBatch, parseQueueEvent } from '#shared/adapters/sqs/queue-event.ts';
import { createStartQueue } from '#shared/adapters/sqs/start-queue.ts';
import { now } from '#shared/adapters/system-clock.ts';
import { ENVIRONMENT } from './environment.ts';
import { takeLetter } from './take-letter.ts';

const environment = readEnvironment(ENVIRONMENT);
const table = DynamoDBDocumentClient.from(new DynamoDBClient());
const queues = new SQSClient();

const ports = {
  now,
  jobs: {
    ...createJobStore(table, environment.JOBS_TABLE),
    ...createJobReader(table, environment.JOBS_TABLE),
  },
  payloads: createPayloadStore(environment.PAYLOAD_BUCKET),
  queue: createStartQueue({ queueUrl: environment.STARTS_QUEUE_URL, now, client: queues }),
};

const letters = createLetterQueue({
  client: queues,
  queueUrl: environment.FAILED_INVOCATIONS_QUEUE_URL,
  now,
});

/** Takes dead letters from both of their queues; one that fails is delivered again by itself. */
export function handler(event: unknown): Promise<BatchResponse> {
  return answerBatch(parseQueueEvent(event), async (record) => {
    const { messageId } = record;
    const lookAgain = (notBefore: number) => letters.sendAgain(record, notBefore);
    const end = await takeLetter(record, { ...ports, lookAgain });
    logger.info('Took a dead letter.', { messageId, end });
  });
}
