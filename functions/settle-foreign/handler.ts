import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { BatchResponse } from '#shared/adapters/batch-response.ts';
import { createJobHistory } from '#shared/adapters/dynamodb/job-history.ts';
import { createJobReader } from '#shared/adapters/dynamodb/job-reader.ts';
import { createJobStore } from '#shared/adapters/dynamodb/job-store.ts';
import { createRedactionKeyReader } from '#shared/adapters/dynamodb/stack-key.ts';
import { logger } from '#shared/adapters/logger.ts';
import { readEnvironment } from '#shared/adapters/read-environment.ts';
import { createPayloadStore } from '#shared/adapters/s3/payload-store.ts';
import { answerBatch, parseQueueEvent } from '#shared/adapters/sqs/queue-event.ts';
import { now } from '#shared/adapters/system-clock.ts';
import { ENVIRONMENT } from './environment.ts';
import { readForeignEnd } from './read-foreign-end.ts';
import { settleForeign } from './settle-foreign.ts';

const environment = readEnvironment(ENVIRONMENT);
const payloads = createPayloadStore(environment.PAYLOAD_BUCKET);

const table = DynamoDBDocumentClient.from(new DynamoDBClient());
const history = {
  ...createJobHistory(table, environment.JOBS_TABLE),
  ...createJobReader(table, environment.JOBS_TABLE),
};

const ports = {
  now,
  jobs: createJobStore(table, environment.JOBS_TABLE),
  payloads: async () => payloads,
  redactionKey: createRedactionKeyReader(table, environment.SCHEDULES_TABLE),
  history: async () => history,
};

/** Takes the ends of adopted tasks; one that fails is delivered again by itself. */
export function handler(event: unknown): Promise<BatchResponse> {
  return answerBatch(parseQueueEvent(event), async ({ body, messageId }) => {
    const ended = readForeignEnd(body);
    const done = ended ? await settleForeign(ended, ports) : 'no-start';
    logger.info('Took the end of an adopted task.', { messageId, done });
  });
}
