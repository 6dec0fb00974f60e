import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import {
  cancelParams,
  createParams,
  createQueuedParams,
  createSettledParams,
  inputsParams,
  reportParams,
  retryParams,
  settleParams,
  takeOverParams,
  waitParams,
} from '#shared/adapters/dynamodb/job-params.ts';
import { standingOf } from '#shared/adapters/dynamodb/job-standing.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { JobStore, Written } from '#shared/ports/job-store.ts';

/** Keeps jobs in the Jobs table. */
export function createJobStore(client: DynamoDBDocumentClient, table: string): JobStore {
  return {
    create: (job) => attempted(client.send(new PutCommand(createParams(table, job)))),
    createSettled: (job, settlement) =>
      attempted(client.send(new PutCommand(createSettledParams(table, job, settlement)))),
    createWaiting: (start, waiting) =>
      attempted(client.send(new PutCommand(createQueuedParams(table, start, waiting)))),
    wait: (start, from, waiting) =>
      attempted(client.send(new UpdateCommand(waitParams(table, start, { from, waiting })))),
    takeOver: (job, from) =>
      attempted(client.send(new UpdateCommand(takeOverParams(table, job, from)))),
    settle: (key, from, settlement) =>
      attempted(client.send(new UpdateCommand(settleParams({ table, key }, from, settlement)))),
    requestCancel: (key, from, request) =>
      attempted(client.send(new UpdateCommand(cancelParams({ table, key }, from, request)))),
    retry: (key, from, failure) =>
      attempted(client.send(new UpdateCommand(retryParams({ table, key }, from, failure)))),
    noteInputs: (key, from, inputs) =>
      attempted(client.send(new UpdateCommand(inputsParams({ table, key }, from, inputs)))),
    report: (key, from, progress) =>
      attempted(client.send(new UpdateCommand(reportParams({ table, key }, from, progress)))),
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
