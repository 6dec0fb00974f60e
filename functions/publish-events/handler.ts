import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { BatchResponse } from '#shared/adapters/batch-response.ts';
import { createEarlierResults } from '#shared/adapters/dynamodb/earlier-results.ts';
import { parseStreamEvent } from '#shared/adapters/dynamodb/stream-event.ts';
import { createEventBus } from '#shared/adapters/event-bridge/event-bus.ts';
import { logger } from '#shared/adapters/logger.ts';
import { readEnvironment } from '#shared/adapters/read-environment.ts';
import { now } from '#shared/adapters/system-clock.ts';
import { ENVIRONMENT } from './environment.ts';
import { publishEvents } from './publish-events.ts';
import { readNews } from './read-news.ts';

const environment = readEnvironment(ENVIRONMENT);

const ports = {
  now,
  results: createEarlierResults(
    DynamoDBDocumentClient.from(new DynamoDBClient()),
    environment.JOBS_TABLE,
  ),
  bus: createEventBus({ busArn: environment.EVENT_BUS_ARN }),
};

/** Takes what has happened to jobs and schedules from their tables' streams, and tells it on the stack's event bus. */
export async function handler(event: unknown): Promise<BatchResponse> {
  const news = parseStreamEvent(event).flatMap((change) => readNews(change) ?? []);
  const { failed } = await publishEvents(news, ports);
  if (!failed) return { batchItemFailures: [] };
  logger.error('An event was refused and will be told again.', { ...failed });
  return { batchItemFailures: [{ itemIdentifier: failed.sequenceNumber }] };
}
