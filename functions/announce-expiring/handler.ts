import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createExpiringJobs } from '#shared/adapters/dynamodb/expiring-jobs.ts';
import { createExpiryAnnouncements } from '#shared/adapters/dynamodb/expiry-announcements.ts';
import { createEventBus } from '#shared/adapters/event-bridge/event-bus.ts';
import { logger } from '#shared/adapters/logger.ts';
import { readEnvironment } from '#shared/adapters/read-environment.ts';
import { now } from '#shared/adapters/system-clock.ts';
import { announceExpiring } from './announce-expiring.ts';
import { ENVIRONMENT } from './environment.ts';

const environment = readEnvironment(ENVIRONMENT);
const table = DynamoDBDocumentClient.from(new DynamoDBClient());

const ports = {
  now,
  jobs: createExpiringJobs(table, environment.JOBS_TABLE),
  announcements: createExpiryAnnouncements(table, environment.USAGE_TABLE),
  bus: createEventBus({ busArn: environment.EVENT_BUS_ARN }),
};

/** What is kept back of an invocation's time: more than a slice ever takes. */
const RESERVE_MS = 60_000;

/** Tells on the event bus which results are about to expire, for as long as it may. */
export async function handler(
  _event: unknown,
  context: { getRemainingTimeInMillis(): number },
): Promise<void> {
  const hasTime = () => context.getRemainingTimeInMillis() > RESERVE_MS;
  const announced = await announceExpiring({ ...ports, hasTime });
  logger.info('Told which results are about to expire.', { ...announced });
}
