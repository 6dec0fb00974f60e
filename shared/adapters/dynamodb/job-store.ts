import { type AttributeValue, ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import {
  createParams,
  createSettledParams,
  retryParams,
  settleParams,
  takeOverParams,
} from '#shared/adapters/dynamodb/job-params.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import { JOB_STATES } from '#shared/domain/job/job.ts';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import type { JobStanding } from '#shared/domain/job/settlement.ts';
import type { JobStore, Written } from '#shared/ports/job-store.ts';

/** Keeps jobs in the Jobs table. */
export function createJobStore(client: DynamoDBDocumentClient, table: string): JobStore {
  return {
    create: (job) => attempted(client.send(new PutCommand(createParams(table, job)))),
    createSettled: (job, settlement) =>
      attempted(client.send(new PutCommand(createSettledParams(table, job, settlement)))),
    takeOver: (job, from) =>
      attempted(client.send(new UpdateCommand(takeOverParams(table, job, from)))),
    settle: (key, from, settlement) =>
      attempted(client.send(new UpdateCommand(settleParams({ table, key }, from, settlement)))),
    retry: (key, from, failure) =>
      attempted(client.send(new UpdateCommand(retryParams({ table, key }, from, failure)))),
  };
}

async function attempted(sending: Promise<unknown>): Promise<Written> {
  try {
    await sending;
    return { kind: 'written' };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException)
      return { kind: 'refused', ...(error.Item && { found: standingOf(error.Item) }) };
    return throwUnavailable(error, 'the Jobs table');
  }
}

/** Reads just what decides who holds the row; the exception carries it as DynamoDB's own attribute values. */
function standingOf(item: Record<string, AttributeValue>): JobStanding {
  const text = (name: string) => item[name]?.S;
  const number = (name: string) => (item[name]?.N === undefined ? undefined : Number(item[name].N));
  const state = JOB_STATES.find((known) => known === text('state'));
  const attempt = number('attempt');
  if (state === undefined || attempt === undefined)
    throw new Error(
      'Expected a row of the Jobs table to have a state and an attempt, got neither.',
    );
  const [owner, leaseUntil] = [text('owner'), number('leaseUntil')];
  const outcome = OUTCOMES.find((known) => known === text('outcome'));
  const lastOutcome = OUTCOMES.find((known) => known === text('lastOutcome'));
  return {
    state,
    attempt,
    ...(owner !== undefined && { owner }),
    ...(leaseUntil !== undefined && { leaseUntil }),
    ...(outcome && { outcome }),
    ...(lastOutcome && { lastOutcome }),
  };
}
