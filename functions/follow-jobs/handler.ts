import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDependentStore } from '#shared/adapters/dynamodb/dependent-store.ts';
import { createHeldJobs } from '#shared/adapters/dynamodb/held-jobs.ts';
import { createJobEnds } from '#shared/adapters/dynamodb/job-ends.ts';
import { createJobStore } from '#shared/adapters/dynamodb/job-store.ts';
import { createRollupStore } from '#shared/adapters/dynamodb/rollup-store.ts';
import { createScheduleStore } from '#shared/adapters/dynamodb/schedule-store.ts';
import { parseStreamEvent } from '#shared/adapters/dynamodb/stream-event.ts';
import { createUsageStore } from '#shared/adapters/dynamodb/usage-store.ts';
import { logger } from '#shared/adapters/logger.ts';
import { createMetricsWriter } from '#shared/adapters/metrics-writer.ts';
import { readEnvironment } from '#shared/adapters/read-environment.ts';
import { createPayloadStore } from '#shared/adapters/s3/payload-store.ts';
import { createStartQueue } from '#shared/adapters/sqs/start-queue.ts';
import { now } from '#shared/adapters/system-clock.ts';
import { deletePayloads } from './delete-payloads.ts';
import { ENVIRONMENT } from './environment.ts';
import { followJobs } from './follow-jobs.ts';
import { letGoDisplaced } from './let-go-displaced.ts';
import { pauseFailing } from './pause-failing.ts';
import { readChange } from './read-change.ts';
import { rollUpMetrics } from './roll-up-metrics.ts';
import { startDependents } from './start-dependents.ts';
import { startQueued } from './start-queued.ts';
import { writeMetrics } from './write-metrics.ts';

const environment = readEnvironment(ENVIRONMENT);
const table = DynamoDBDocumentClient.from(new DynamoDBClient());

const ports = {
  now,
  metrics: createMetricsWriter(environment.STACK_NAME),
  queue: createStartQueue({ queueUrl: environment.STARTS_QUEUE_URL, now }),
  schedules: createScheduleStore(table, environment.SCHEDULES_TABLE),
  dependents: createDependentStore(table, environment.SCHEDULES_TABLE),
  ends: createJobEnds(table, environment.JOBS_TABLE),
  jobs: createJobStore(table, environment.JOBS_TABLE),
  held: createHeldJobs(table, environment.JOBS_TABLE, now),
  usage: createUsageStore(table, environment.USAGE_TABLE),
  rollups: createRollupStore(table, environment.USAGE_TABLE),
  payloads: createPayloadStore(environment.PAYLOAD_BUCKET),
};

/** Takes the jobs that have been queued, have settled or gone from the table's stream; what it does to a batch may be repeated, so it fails as a whole. */
export async function handler(event: unknown): Promise<void> {
  const changes = parseStreamEvent(event);
  await deletePayloads(changes, ports);
  await letGoDisplaced(changes, ports);
  const followed = changes.flatMap((change) => readChange(change) ?? []);
  await startQueued(changes, ports);
  await startDependents(followed, ports);
  for (const paused of await pauseFailing(followed, ports))
    logger.warn('A schedule has paused itself.', { ...paused });
  await followJobs(followed, ports);
  await rollUpMetrics(followed, ports);
  writeMetrics(changes, ports);
}
