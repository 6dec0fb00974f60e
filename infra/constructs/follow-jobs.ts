import { Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ENVIRONMENT } from '#functions/follow-jobs/environment.ts';
import type { StageConfig } from '#infra/config.ts';
import { AlmanacFunction } from '#infra/constructs/almanac-function.ts';
import type { Payloads } from '#infra/constructs/payloads.ts';
import type { Queues } from '#infra/constructs/queues.ts';
import {
  addStreamSource,
  grantStreamSource,
  type StreamSource,
} from '#infra/constructs/stream-source.ts';
import type { Tables } from '#infra/constructs/tables.ts';

import { BY_HELD } from '#shared/domain/result/keep-last.ts';

/** What is followed, and what is kept in step. */
export interface FollowJobsProps {
  readonly tables: Tables;
  readonly payloads: Payloads;
  readonly queues: Queues;
  readonly config: StageConfig;
}

/** Writes of jobs that have ended; a slot's row has no state. */
const SETTLED = { dynamodb: { NewImage: { state: { S: ['settled'] } } } };

/** Jobs that someone asked for, which wait for their start. */
const QUEUED = {
  eventName: ['INSERT'],
  dynamodb: { NewImage: { state: { S: ['queued'] } } },
};

/** Removals of jobs, whose sort key begins with the year; a slot's begins with `#`. */
const REMOVED = {
  eventName: ['REMOVE'],
  dynamodb: { Keys: { fireTime: { S: [{ prefix: '2' }] } } },
};

/** Makes the function that keeps starts, sums, payload objects and failing schedules in step with the Jobs table. */
export class FollowJobs extends AlmanacFunction {
  constructor(scope: Construct, id: string, props: FollowJobsProps) {
    const { tables, payloads, queues, config } = props;
    const source: StreamSource = {
      table: tables.jobs,
      filters: [SETTLED, REMOVED, QUEUED],
      failedBatches: queues.failedBatches,
    };
    super(scope, id, {
      entry: 'functions/follow-jobs/handler.ts',
      description:
        'Starts queued jobs and dependents, sums up settled jobs, pauses what keeps failing, deletes the objects of removed ones',
      timeout: Duration.seconds(60),
      memoryMb: 512,
      environment: {
        SCHEDULES_TABLE: tables.schedules.tableName,
        JOBS_TABLE: tables.jobs.tableName,
        USAGE_TABLE: tables.usage.tableName,
        PAYLOAD_BUCKET: payloads.bucket.bucketName,
        STARTS_QUEUE_URL: queues.starts.queueUrl,
        STACK_NAME: Stack.of(scope).stackName,
      } satisfies Record<(typeof ENVIRONMENT)[number], string>,
      grants: [
        {
          actions: ['dynamodb:PutItem', 'dynamodb:Query'],
          resources: [tables.schedules.tableArn],
        },
        {
          // The job of a dependent that is paused is settled as its row is made; one that newer ones displace gets its own times.
          actions: ['dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
          resources: [tables.jobs.tableArn],
        },
        { actions: ['dynamodb:Query'], resources: [`${tables.jobs.tableArn}/index/${BY_HELD}`] },
        { actions: ['dynamodb:GetItem', 'dynamodb:PutItem'], resources: [tables.usage.tableArn] },
        {
          actions: ['s3:DeleteObject'],
          resources: [payloads.everyResult],
          wildcard: {
            grounds: 'keys-made-at-run-time',
            because:
              'It deletes exactly the object that a removed row named; nothing else lies under the prefix.',
          },
        },
        { actions: ['sqs:SendMessage'], resources: [queues.starts.queueArn] },
        ...grantStreamSource(source),
      ],
      config,
    });
    addStreamSource(this, source);
  }
}
