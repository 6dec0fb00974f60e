import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createArchiveProgressStore } from '#shared/adapters/dynamodb/archive-progress-store.ts';
import { createExpiredJobs } from '#shared/adapters/dynamodb/expired-jobs.ts';
import { logger } from '#shared/adapters/logger.ts';
import { readEnvironment } from '#shared/adapters/read-environment.ts';
import { createArchiveFiles } from '#shared/adapters/s3/archive-files.ts';
import { createPayloadCopies } from '#shared/adapters/s3/payload-copies.ts';
import { createPayloadStore } from '#shared/adapters/s3/payload-store.ts';
import { now } from '#shared/adapters/system-clock.ts';
import { archiveJobs } from './archive-jobs.ts';
import { ENVIRONMENT } from './environment.ts';

const environment = readEnvironment(ENVIRONMENT);
const table = DynamoDBDocumentClient.from(new DynamoDBClient());

const ports = {
  now,
  expired: createExpiredJobs(table, environment.JOBS_TABLE),
  progress: createArchiveProgressStore(table, environment.USAGE_TABLE),
  payloads: createPayloadStore(environment.PAYLOAD_BUCKET),
  copies: createPayloadCopies(environment.PAYLOAD_BUCKET),
  files: createArchiveFiles(environment.PAYLOAD_BUCKET),
};

/** What is kept back of an invocation's time: more than a chunk ever takes. */
const RESERVE_MS = 240_000;

/** Archives for as long as it may. */
export async function handler(
  _event: unknown,
  context: { getRemainingTimeInMillis(): number },
): Promise<void> {
  const hasTime = () => context.getRemainingTimeInMillis() > RESERVE_MS;
  const end = await archiveJobs({ ...ports, hasTime });
  if (end.withoutResult + end.waiting > 0)
    logger.warn('Archived expired jobs, not all.', { ...end });
  else logger.info('Archived expired jobs.', { ...end });
}
