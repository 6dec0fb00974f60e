import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ENVIRONMENT } from '#functions/run-backdating/environment.ts';
import type { StageConfig } from '#infra/config.ts';
import { AlmanacFunction } from '#infra/constructs/almanac-function.ts';
import { leaveToLetters } from '#infra/constructs/leave-to-letters.ts';
import type { Payloads } from '#infra/constructs/payloads.ts';
import type { Queues } from '#infra/constructs/queues.ts';
import type { Tables } from '#infra/constructs/tables.ts';
import { LONGEST_BACKDATING_STEP_SECONDS } from '#shared/domain/backdating/backdating.ts';

/** Whose jobs are given other times, and where their results lie. */
export interface RunBackdatingProps {
  readonly tables: Tables;
  readonly payloads: Payloads;
  readonly queues: Queues;
  readonly config: StageConfig;
}

/** Makes the function that does the steps of backdatings. */
export class RunBackdating extends AlmanacFunction {
  constructor(scope: Construct, id: string, props: RunBackdatingProps) {
    const { tables, payloads, queues, config } = props;
    super(scope, id, {
      entry: 'functions/run-backdating/handler.ts',
      description: 'Gives jobs that have settled the times of their schedule as it is now',
      timeout: Duration.seconds(LONGEST_BACKDATING_STEP_SECONDS),
      memoryMb: 512,
      mayGoRound: true,
      environment: {
        SCHEDULES_TABLE: tables.schedules.tableName,
        JOBS_TABLE: tables.jobs.tableName,
        PAYLOAD_BUCKET: payloads.bucket.bucketName,
        STARTS_QUEUE_URL: queues.starts.queueUrl,
      } satisfies Record<(typeof ENVIRONMENT)[number], string>,
      grants: [
        { actions: ['dynamodb:PutItem', 'dynamodb:Query'], resources: [tables.schedules.tableArn] },
        {
          actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
          resources: [tables.jobs.tableArn],
        },
        {
          actions: ['s3:GetObject', 's3:PutObject'],
          resources: [payloads.everyResult],
          wildcard: {
            grounds: 'keys-made-at-run-time',
            because:
              'It copies the result of any job that is to be kept longer than its lifecycle class; nothing else lies under the prefix.',
          },
        },
        {
          actions: ['sqs:SendMessage'],
          resources: [queues.starts.queueArn, queues.failedInvocations.queueArn],
        },
      ],
      config,
    });
    leaveToLetters(this, queues);
  }
}
