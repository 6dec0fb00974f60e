import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { createAuditStore } from '#shared/adapters/dynamodb/audit-store.ts';
import { createAuditedJobs } from '#shared/adapters/dynamodb/audited-jobs.ts';
import { logger } from '#shared/adapters/logger.ts';
import { readEnvironment } from '#shared/adapters/read-environment.ts';
import { createObjectList } from '#shared/adapters/s3/object-list.ts';
import { createStartQueue } from '#shared/adapters/sqs/start-queue.ts';
import { now } from '#shared/adapters/system-clock.ts';
import { auditMessage, dailyAuditMessage } from '#shared/contracts/audit-message.ts';
import { auditStorage, beginDailyAudit } from './audit-storage.ts';
import { describeEnd } from './describe-end.ts';
import { ENVIRONMENT } from './environment.ts';

const environment = readEnvironment(ENVIRONMENT);
const table = DynamoDBDocumentClient.from(new DynamoDBClient());

const ports = {
  now,
  audits: createAuditStore(table, environment.SCHEDULES_TABLE, now),
  objects: createObjectList(environment.PAYLOAD_BUCKET),
  jobs: createAuditedJobs(table, environment.JOBS_TABLE),
  queue: createStartQueue({ queueUrl: environment.STARTS_QUEUE_URL, now }),
  reportRepair: (key: string, what: string) =>
    logger.warn('Deleted an object.', { key, because: what }),
};

const message = z.discriminatedUnion('kind', [auditMessage, dailyAuditMessage]);

/** What is kept back of an invocation's time: more than the pages between two saves ever take. */
const RESERVE_MS = 180_000;

/** Audits for as long as it may: the day's own, or the audit that a message names. */
export async function handler(
  event: unknown,
  context: { getRemainingTimeInMillis(): number },
): Promise<void> {
  const asked = message.parse(event);
  const hasTime = () => context.getRemainingTimeInMillis() > RESERVE_MS;
  const auditId = asked.kind === 'audit' ? asked.auditId : await beginDailyAudit(asked.at, ports);
  const end = await auditStorage(auditId, { ...ports, hasTime });
  const { level, details } = describeEnd(end);
  logger[level]('Audited the payload bucket.', { audit: auditId, ...details });
}
