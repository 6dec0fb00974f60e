import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventSourceMapping, FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { AlmanacFunction } from '#infra/constructs/almanac-function.ts';
import type { Grant } from '#infra/grant.ts';

/** A table's stream, and what of it a function follows. */
export interface StreamSource {
  readonly table: TableV2;
  /** Patterns of Lambda's event filtering; a change that matches one of them is followed. */
  readonly filters: readonly Readonly<Record<string, unknown>>[];
  /** Gets the place in the stream of each batch that is given up. */
  readonly failedBatches: IQueue;
}

/** The most changes of one invocation. */
const BATCH_SIZE = 100;

/**
 * A change that fails holds up its shard, so it is given up at some time: after this many tries, or at this age, whichever comes
 * first. A fault of a store that lasts an hour or two loses nothing.
 */
const MOST_RETRIES = 100;
const LONGEST_RECORD_AGE = Duration.hours(6);

/** What a function needs so that Lambda can read its streams for it, and put aside what it cannot follow. */
export function grantStreamSource(...sources: readonly StreamSource[]): readonly Grant[] {
  return [
    {
      actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
      resources: sources.map(({ table }) => streamArnOf(table)),
    },
    {
      actions: ['dynamodb:ListStreams'],
      resources: ['*'],
      wildcard: {
        grounds: 'no-narrower-form',
        because:
          'Lambda lists the streams before it reads one, and the action takes no resource. The list holds names and no data.',
      },
    },
    {
      actions: ['sqs:SendMessage'],
      resources: [...new Set(sources.map(({ failedBatches }) => failedBatches.queueArn))],
    },
  ];
}

/**
 * Calls a function with the changes of a table, in the order of each key, from the table's first change on.
 *
 * Needs {@link grantStreamSource} among the function's grants.
 *
 * @param id - Names the mapping; a function that follows several streams has one for each.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
 */
export function addStreamSource(
  target: AlmanacFunction,
  source: StreamSource,
  id = 'Stream',
): void {
  new EventSourceMapping(target, id, {
    target: target.lambda,
    eventSourceArn: streamArnOf(source.table),
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: BATCH_SIZE,
    filters: source.filters.map((pattern) => FilterCriteria.filter(pattern)),
    bisectBatchOnError: true,
    reportBatchItemFailures: true,
    retryAttempts: MOST_RETRIES,
    maxRecordAge: LONGEST_RECORD_AGE,
    onFailure: { bind: () => ({ destination: source.failedBatches.queueArn }) },
  });
}

function streamArnOf(table: TableV2): string {
  if (table.tableStreamArn === undefined)
    throw new Error(`Expected the table ${table.node.path} to have a stream, got none.`);
  return table.tableStreamArn;
}
