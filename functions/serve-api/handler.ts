import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { handle } from 'hono/aws-lambda';
import { createAuditStore } from '#shared/adapters/dynamodb/audit-store.ts';
import { createBackdatedJobs } from '#shared/adapters/dynamodb/backdated-jobs.ts';
import { BACKDATING_ITEMS } from '#shared/adapters/dynamodb/backdating-item.ts';
import { BACKFILL_ITEMS } from '#shared/adapters/dynamodb/backfill-item.ts';
import { createCursorKey } from '#shared/adapters/dynamodb/cursor-key.ts';
import { createErrandStore } from '#shared/adapters/dynamodb/errand-store.ts';
import { createJobReader } from '#shared/adapters/dynamodb/job-reader.ts';
import { createJobRestores } from '#shared/adapters/dynamodb/job-restores.ts';
import { createJobRetention } from '#shared/adapters/dynamodb/job-retention.ts';
import { createJobStandingReader } from '#shared/adapters/dynamodb/job-standing-reader.ts';
import { createJobStore } from '#shared/adapters/dynamodb/job-store.ts';
import { createJobSubmissions } from '#shared/adapters/dynamodb/job-submissions.ts';
import { createLedgerReader } from '#shared/adapters/dynamodb/ledger-store.ts';
import { createRollupReader } from '#shared/adapters/dynamodb/rollup-reader.ts';
import { createScheduleStore } from '#shared/adapters/dynamodb/schedule-store.ts';
import { createSettledJobs } from '#shared/adapters/dynamodb/settled-jobs.ts';
import {
  createRedactionKeyMaker,
  createRedactionKeyReader,
} from '#shared/adapters/dynamodb/stack-key.ts';
import { createUsageReader } from '#shared/adapters/dynamodb/usage-reader.ts';
import { logger } from '#shared/adapters/logger.ts';
import { readEnvironment } from '#shared/adapters/read-environment.ts';
import { createArchiveReader } from '#shared/adapters/s3/archive-reader.ts';
import { createPayloadCopies } from '#shared/adapters/s3/payload-copies.ts';
import { createPayloadLinks } from '#shared/adapters/s3/payload-links.ts';
import { createPayloadStore } from '#shared/adapters/s3/payload-store.ts';
import { createStartQueue } from '#shared/adapters/sqs/start-queue.ts';
import { now } from '#shared/adapters/system-clock.ts';
import { stackBudgets } from '#shared/contracts/budgets.ts';
import { calendars } from '#shared/contracts/calendars.ts';
import { stackRetention } from '#shared/contracts/retention.ts';
import { taskList } from '#shared/contracts/task-list.ts';
import { ENVIRONMENT } from './environment.ts';
import { createApi } from './serve-api.ts';
import { createTaskRegistry } from './task-registry.ts';

const environment = readEnvironment(ENVIRONMENT);
/** Lambda itself says where it runs. */
const { AWS_REGION: region } = readEnvironment(['AWS_REGION']);
const table = DynamoDBDocumentClient.from(new DynamoDBClient());

const payloads = createPayloadStore(environment.PAYLOAD_BUCKET);

const api = createApi({
  now,
  registry: createTaskRegistry(taskList.parse(readBeside('tasks.json')).tasks),
  calendars: calendars.parse(readBeside('calendars.json')),
  retention: stackRetention.parse(readBeside('retention.json')),
  schedules: createScheduleStore(table, environment.SCHEDULES_TABLE),
  jobs: createJobReader(table, environment.JOBS_TABLE),
  settledJobs: createSettledJobs(table, environment.JOBS_TABLE),
  jobWrites: createJobStore(table, environment.JOBS_TABLE),
  jobRetention: createJobRetention(table, environment.JOBS_TABLE, now),
  standings: createJobStandingReader(table, environment.JOBS_TABLE),
  backfills: createErrandStore(table, environment.SCHEDULES_TABLE, BACKFILL_ITEMS),
  backdatings: createErrandStore(table, environment.SCHEDULES_TABLE, BACKDATING_ITEMS),
  backdatedJobs: createBackdatedJobs(table, environment.JOBS_TABLE),
  submissions: createJobSubmissions(table, environment.JOBS_TABLE),
  usage: createUsageReader(table, environment.USAGE_TABLE),
  rollups: createRollupReader(table, environment.USAGE_TABLE),
  budgets: stackBudgets.parse(readBeside('budgets.json')),
  ledgers: createLedgerReader(table, environment.SCHEDULES_TABLE),
  region,
  payloads: createPayloadLinks(environment.PAYLOAD_BUCKET),
  payloadCopies: createPayloadCopies(environment.PAYLOAD_BUCKET),
  payloadReads: payloads,
  payloadWrites: payloads,
  archive: createArchiveReader(environment.PAYLOAD_BUCKET),
  restores: createJobRestores(table, environment.JOBS_TABLE),
  redactionKey: createRedactionKeyReader(table, environment.SCHEDULES_TABLE),
  makeRedactionKey: createRedactionKeyMaker(table, environment.SCHEDULES_TABLE, randomBytes),
  queue: createStartQueue({ queueUrl: environment.STARTS_QUEUE_URL, now }),
  audits: createAuditStore(table, environment.SCHEDULES_TABLE, now),
  cursorKey: createCursorKey(table, environment.SCHEDULES_TABLE),
  sleep: (milliseconds) => setTimeout(milliseconds),
  reportError: (error, requestId) => logger.error('A request failed.', { requestId, error }),
});

/** Answers requests of the HTTP API. */
export const handler = handle(api);

/** Reads a file that the stack writes beside the code. */
function readBeside(
  name: 'tasks.json' | 'calendars.json' | 'retention.json' | 'budgets.json',
): unknown {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}
