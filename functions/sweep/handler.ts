import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createJobReader } from '#shared/adapters/dynamodb/job-reader.ts';
import { createJobStore } from '#shared/adapters/dynamodb/job-store.ts';
import { createScheduleStore } from '#shared/adapters/dynamodb/schedule-store.ts';
import { createSweepStore } from '#shared/adapters/dynamodb/sweep-store.ts';
import { createSweptJobs } from '#shared/adapters/dynamodb/swept-jobs.ts';
import { readAdoptedTasks } from '#shared/adapters/lambda/task-function-arns.ts';
import { logger } from '#shared/adapters/logger.ts';
import { readEnvironment } from '#shared/adapters/read-environment.ts';
import { createPayloadStore } from '#shared/adapters/s3/payload-store.ts';
import { createStartQueue } from '#shared/adapters/sqs/start-queue.ts';
import { now } from '#shared/adapters/system-clock.ts';
import { ENVIRONMENT } from './environment.ts';
import { sweep } from './sweep.ts';

/** A page that is begun with less than this left may not come to its end. */
const PAGE_MS = 60_000;

const environment = readEnvironment(ENVIRONMENT);
const table = DynamoDBDocumentClient.from(new DynamoDBClient());
const adopted = readAdoptedTasks();

const ports = {
  now,
  store: createSweepStore(table, environment.SCHEDULES_TABLE),
  schedules: createScheduleStore(table, environment.SCHEDULES_TABLE),
  rows: createSweptJobs(table, environment.JOBS_TABLE),
  jobs: {
    ...createJobStore(table, environment.JOBS_TABLE),
    ...createJobReader(table, environment.JOBS_TABLE),
  },
  payloads: createPayloadStore(environment.PAYLOAD_BUCKET),
  queue: createStartQueue({ queueUrl: environment.STARTS_QUEUE_URL, now }),
  isAdopted: (taskId: string) => adopted.has(taskId),
  report: (schedule: string, error: unknown) =>
    logger.error('Could not look at a schedule.', { schedule, error }),
};

/** What the sweep needs of Lambda's context. */
interface SweepContext {
  getRemainingTimeInMillis(): number;
}

/** Sweeps once, whatever calls it. */
export async function handler(_event: unknown, context: SweepContext): Promise<void> {
  const hasTime = () => context.getRemainingTimeInMillis() > PAGE_MS;
  const { repairs, ...swept } = await sweep({ ...ports, hasTime });
  const done = Object.entries(repairs).filter(([, count]) => count > 0);
  if (done.length > 0)
    logger.warn('Set going what stood still.', { ...swept, ...Object.fromEntries(done) });
  else logger.debug('Found nothing that stands still.', { ...swept });
}
