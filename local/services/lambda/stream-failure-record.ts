import { LATEST } from '#local/services/lambda/lambda-function.ts';
import type { StreamBatch } from '#local/services/lambda/stream-decision.ts';

/** A batch that is given up. */
export interface DiscardedBatch {
  readonly requestId: string;
  readonly functionArn: string;
  readonly streamArn: string;
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  readonly batch: StreamBatch;
  /** Whether the last invocation ended in a function error, and not in a report of failed items. */
  readonly isFunctionError: boolean;
  readonly nowMs: number;
}

/** The local DynamoDB's streams have one shard. */
const SHARD_ID = 'shardId-00000000000000000000-00000000';

/**
 * Words the record of a batch that is given up. It names the records, and does not hold them.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export function streamFailureRecord(discarded: DiscardedBatch): Readonly<Record<string, unknown>> {
  const { batch } = discarded;
  const [first] = batch.records;
  const last = batch.records.at(-1);
  return {
    requestContext: {
      requestId: discarded.requestId,
      functionArn: discarded.functionArn,
      condition: discarded.condition,
      approximateInvokeCount: batch.invocations,
    },
    ...(batch.invocations > 0 && {
      responseContext: {
        statusCode: 200,
        executedVersion: LATEST,
        ...(discarded.isFunctionError && { functionError: 'Unhandled' }),
      },
    }),
    version: '1.0',
    timestamp: new Date(discarded.nowMs).toISOString(),
    DDBStreamBatchInfo: {
      shardId: SHARD_ID,
      startSequenceNumber: first?.dynamodb.SequenceNumber,
      endSequenceNumber: last?.dynamodb.SequenceNumber,
      approximateArrivalOfFirstRecord: instant(first?.dynamodb.ApproximateCreationDateTime),
      approximateArrivalOfLastRecord: instant(last?.dynamodb.ApproximateCreationDateTime),
      batchSize: batch.records.length,
      streamArn: discarded.streamArn,
    },
  };
}

function instant(epochSeconds: number | undefined): string | undefined {
  if (epochSeconds === undefined) return undefined;
  return new Date(epochSeconds * 1000).toISOString().replace('.000Z', 'Z');
}
