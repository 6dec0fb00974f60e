import { readFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createJobReader } from '#shared/adapters/dynamodb/job-reader.ts';
import { createJobStore } from '#shared/adapters/dynamodb/job-store.ts';
import { createLedgerCounter } from '#shared/adapters/dynamodb/ledger-store.ts';
import { createScheduleStore } from '#shared/adapters/dynamodb/schedule-store.ts';
import { createSweepStore } from '#shared/adapters/dynamodb/sweep-store.ts';
import { createSweptJobs } from '#shared/adapters/dynamodb/swept-jobs.ts';
import { createUsageReader } from '#shared/adapters/dynamodb/usage-reader.ts';
import { readAdoptedTasks, taskFunctionArns } from '#shared/adapters/lambda/task-function-arns.ts';
import { logger } from '#shared/adapters/logger.ts';
import { createMetricsWriter } from '#shared/adapters/metrics-writer.ts';
import { readEnvironment } from '#shared/adapters/read-environment.ts';
import { createPayloadStore } from '#shared/adapters/s3/payload-store.ts';
import { createEventBridgeCopies } from '#shared/adapters/scheduler/event-bridge-copies.ts';
import { createStartQueue } from '#shared/adapters/sqs/start-queue.ts';
import { now } from '#shared/adapters/system-clock.ts';
import { stackBudgets } from '#shared/contracts/budgets.ts';
import { taskList } from '#shared/contracts/task-list.ts';
import { budgetFigures } from '#shared/domain/usage/budget-figures.ts';
import { isOverdrawn } from '#shared/domain/usage/ledger.ts';
import { pricesOf } from '#shared/domain/usage/prices.ts';
import { ENVIRONMENT } from './environment.ts';
import { sweep } from './sweep.ts';
import { writeMetrics } from './write-metrics.ts';

/** A page that is begun with less than this left may not come to its end. */
const PAGE_MS = 60_000;

const environment = readEnvironment(ENVIRONMENT);
/** Lambda itself says where it runs. */
const { AWS_REGION: region } = readEnvironment(['AWS_REGION']);
const prices = pricesOf(region);
const table = DynamoDBDocumentClient.from(new DynamoDBClient());
const adopted = readAdoptedTasks();
const metrics = createMetricsWriter(environment.STACK_NAME);

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
  copies: createEventBridgeCopies(new SchedulerClient(), {
    group: environment.SCHEDULE_GROUP,
    roleArn: environment.SCHEDULER_ROLE_ARN,
    taskFunctionArn: taskFunctionArns(environment.TASK_FUNCTION_ARN_PREFIX, adopted),
    advanceFunctionArn: environment.ADVANCE_FUNCTION_ARN,
    deadLetterQueueArn: environment.UNDELIVERED_QUEUE_ARN,
  }),
  tasks: taskList.parse(readBeside('tasks.json')).tasks.map(({ id }) => id),
  budgets: stackBudgets.parse(readBeside('budgets.json')),
  counter: createLedgerCounter(table, environment.SCHEDULES_TABLE),
  usage: createUsageReader(table, environment.USAGE_TABLE),
  ...(prices && { prices }),
  isAdopted: (taskId: string) => adopted.has(taskId),
  report: (schedule: string, error: unknown) =>
    logger.error('Could not look at a schedule.', { schedule, error }),
  tellOfDrift: (schedule: string, fields: readonly string[]) =>
    logger.warn('A copy in EventBridge was not as it should be.', { schedule, fields }),
};

/** What the sweep needs of Lambda's context. */
interface SweepContext {
  getRemainingTimeInMillis(): number;
}

/** Sweeps once, whatever calls it. */
export async function handler(_event: unknown, context: SweepContext): Promise<void> {
  const hasTime = () => context.getRemainingTimeInMillis() > PAGE_MS;
  const swept = await sweep({ ...ports, hasTime });
  writeMetrics(swept, metrics);
  const { repairs, budgets, ...seen } = swept;
  for (const { budget, ...ledger } of budgets.ledgers)
    if (budget && isOverdrawn({ budget, ...ledger }))
      logger.warn('A budget is exceeded.', { ...budgetFigures(budget, ledger[budget.measure]) });
  const done = Object.entries(repairs).filter(([, count]) => count > 0);
  if (done.length > 0)
    logger.warn('Set going what stood still.', { ...seen, ...Object.fromEntries(done) });
}

/** Reads a file that the stack writes beside the code. */
function readBeside(name: 'tasks.json' | 'budgets.json'): unknown {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}
