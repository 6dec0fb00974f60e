import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ENVIRONMENT } from '#functions/settle-undelivered/environment.ts';
import type { StageConfig } from '#infra/config.ts';
import { AlmanacFunction } from '#infra/constructs/almanac-function.ts';
import type { Payloads } from '#infra/constructs/payloads.ts';
import { addQueueSource, grantQueueSource } from '#infra/constructs/queue-source.ts';
import type { Queues } from '#infra/constructs/queues.ts';
import type { Tables } from '#infra/constructs/tables.ts';

/** Where failures are found, and what is settled by them. */
export interface SettleUndeliveredProps {
  readonly tables: Tables;
  readonly payloads: Payloads;
  readonly queues: Queues;
  readonly config: StageConfig;
}

/** How long one batch of failures may take; both of its queues hide messages by it. */
export const SETTLE_UNDELIVERED_TIMEOUT = Duration.seconds(60);

/** Makes the function that brings every start to an end that was not delivered, or whose invocation failed. */
export class SettleUndelivered extends AlmanacFunction {
  constructor(scope: Construct, id: string, props: SettleUndeliveredProps) {
    const { tables, payloads, queues, config } = props;
    super(scope, id, {
      entry: 'functions/settle-undelivered/handler.ts',
      description: 'Settles or retries jobs whose start or invocation failed',
      timeout: SETTLE_UNDELIVERED_TIMEOUT,
      memoryMb: 512,
      mayGoRound: true,
      environment: {
        JOBS_TABLE: tables.jobs.tableName,
        PAYLOAD_BUCKET: payloads.bucket.bucketName,
        STARTS_QUEUE_URL: queues.starts.queueUrl,
        FAILED_INVOCATIONS_QUEUE_URL: queues.failedInvocations.queueUrl,
      } satisfies Record<(typeof ENVIRONMENT)[number], string>,
      grants: [
        {
          actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
          resources: [tables.jobs.tableArn],
        },
        {
          actions: ['s3:DeleteObject', 's3:GetObject'],
          resources: [payloads.everyUnsettled],
          wildcard: {
            grounds: 'keys-made-at-run-time',
            because:
              'It takes up the outcome that any attempt left behind; nothing else lies under the prefix.',
          },
        },
        {
          // Without it S3 answers 403 for an object that is not there, which would look like a lost permission.
          actions: ['s3:ListBucket'],
          resources: [payloads.bucket.bucketArn],
        },
        {
          actions: ['sqs:SendMessage'],
          resources: [queues.starts.queueArn, queues.failedInvocations.queueArn],
        },
        grantQueueSource(queues.undeliveredStarts),
        grantQueueSource(queues.failedInvocations),
      ],
      config,
    });
    addQueueSource(this, 'UndeliveredStarts', queues.undeliveredStarts);
    addQueueSource(this, 'FailedInvocations', queues.failedInvocations);
  }
}
