import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { createQueuedParams } from '#shared/adapters/dynamodb/job-params.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Start } from '#shared/domain/job/start.ts';
import type { JobSubmissions, SubmissionMark, Submitted } from '#shared/ports/job-submissions.ts';

/** Writes submitted jobs to the Jobs table. */
export function createJobSubmissions(
  client: DynamoDBDocumentClient,
  table: string,
): JobSubmissions {
  return {
    submit: async (start, now, mark) => {
      try {
        return mark
          ? await submitOnce(client, { table, start, now, mark })
          : await submit(client, table, start);
      } catch (error) {
        return throwUnavailable(error, 'the Jobs table');
      }
    },
  };
}

async function submit(
  client: DynamoDBDocumentClient,
  table: string,
  start: Start,
): Promise<Submitted> {
  try {
    await client.send(new PutCommand(createQueuedParams(table, start)));
  } catch (error) {
    // No two submissions have one key: the client has tried again after an answer that was lost.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
  return { kind: 'queued' };
}

interface MarkedSubmission {
  readonly table: string;
  readonly start: Start;
  readonly now: EpochSeconds;
  readonly mark: SubmissionMark;
}

/** Marks lie beside the jobs, in partitions that no list reads, and without a state, so that no stream's filter lets them pass. */
function markKey({ start, mark }: MarkedSubmission) {
  return { scheduleId: `once:${start.scheduleId}`, fireTime: `#${mark.name}` };
}

async function submitOnce(
  client: DynamoDBDocumentClient,
  submission: MarkedSubmission,
): Promise<Submitted> {
  const { table, start } = submission;
  try {
    await client.send(
      new TransactWriteCommand({
        TransactItems: [{ Put: markPut(submission) }, { Put: createQueuedParams(table, start) }],
      }),
    );
    return { kind: 'queued' };
  } catch (error) {
    if (!isTaken(error)) throw error;
    return readMark(client, submission);
  }
}

/** A mark that has expired is free, though DynamoDB may take days to delete it. */
function markPut(submission: MarkedSubmission): PutCommandInput {
  const { table, start, now, mark } = submission;
  const { request, expiresAt } = mark;
  return {
    TableName: table,
    Item: { ...markKey(submission), job: start.fireTime, request, expiresAt },
    ConditionExpression: 'attribute_not_exists(fireTime) OR expiresAt <= :now',
    ExpressionAttributeValues: { ':now': now },
  };
}

/** Only a condition says so: a conflict with another transaction, which may fail, says nothing yet, and the client tries again. */
function isTaken(error: unknown): boolean {
  return (
    error instanceof TransactionCanceledException &&
    (error.CancellationReasons ?? []).some(({ Code }) => Code === 'ConditionalCheckFailed')
  );
}

const markItem = z.object({ job: z.string(), request: z.string() });

async function readMark(
  client: DynamoDBDocumentClient,
  submission: MarkedSubmission,
): Promise<Submitted> {
  const { table, start, mark } = submission;
  const Key = markKey(submission);
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key, ConsistentRead: true }),
  );
  const { job, request } = markItem.parse(Item);
  if (request !== mark.request) return { kind: 'mark-taken' };
  return { kind: 'repeated', key: { scheduleId: start.scheduleId, fireTime: job } };
}
