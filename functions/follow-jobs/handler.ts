import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { parseStreamEvent } from '#shared/adapters/dynamodb/stream-event.ts';
import { createUsageStore } from '#shared/adapters/dynamodb/usage-store.ts';
import { readEnvironment } from '#shared/adapters/read-environment.ts';
import { createPayloadStore } from '#shared/adapters/s3/payload-store.ts';
import { ENVIRONMENT } from './environment.ts';
import { followJobs } from './follow-jobs.ts';
import { readChange } from './read-change.ts';

const environment = readEnvironment(ENVIRONMENT);
const table = DynamoDBDocumentClient.from(new DynamoDBClient());

const ports = {
  usage: createUsageStore(table, environment.USAGE_TABLE),
  payloads: createPayloadStore(environment.PAYLOAD_BUCKET),
};

/** Takes the jobs that have settled or gone from the table's stream; what it does to a batch may be repeated, so it fails as a whole. */
export async function handler(event: unknown): Promise<void> {
  const changes = parseStreamEvent(event).flatMap((change) => readChange(change) ?? []);
  await followJobs(changes, ports);
}
