import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ENVIRONMENT } from '#functions/run-backfill/environment.ts';
import type { StageConfig } from '#infra/config.ts';
import { AlmanacFunction } from '#infra/constructs/almanac-function.ts';
import { leaveToLetters } from '#infra/constructs/leave-to-letters.ts';
import type { Queues } from '#infra/constructs/queues.ts';
import type { Tables } from '#infra/constructs/tables.ts';

/** Whose fire times are run, and where their starts go. */
export interface RunBackfillProps {
  readonly tables: Tables;
  readonly queues: Queues;
  readonly config: StageConfig;
}

/** Makes the function that does the steps of backfills. */
export class RunBackfill extends AlmanacFunction {
  constructor(scope: Construct, id: string, { tables, queues, config }: RunBackfillProps) {
    super(scope, id, {
      entry: 'functions/run-backfill/handler.ts',
      description: 'Starts the jobs of fire times that have passed, as someone has asked for them',
      timeout: Duration.seconds(60),
      memoryMb: 512,
      mayGoRound: true,
      environment: {
        SCHEDULES_TABLE: tables.schedules.tableName,
        JOBS_TABLE: tables.jobs.tableName,
        STARTS_QUEUE_URL: queues.starts.queueUrl,
      } satisfies Record<(typeof ENVIRONMENT)[number], string>,
      grants: [
        { actions: ['dynamodb:PutItem', 'dynamodb:Query'], resources: [tables.schedules.tableArn] },
        {
          actions: ['dynamodb:BatchGetItem', 'dynamodb:Query'],
          resources: [tables.jobs.tableArn],
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
