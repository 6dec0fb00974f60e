import { Duration } from 'aws-cdk-lib';
import { EventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { ENVIRONMENT } from '#functions/advance-schedule/environment.ts';
import type { StageConfig } from '#infra/config.ts';
import { AlmanacFunction } from '#infra/constructs/almanac-function.ts';
import type { Queues } from '#infra/constructs/queues.ts';
import type { Tables } from '#infra/constructs/tables.ts';

/** Whose plans are moved, and where what is due goes. */
export interface AdvanceScheduleProps {
  readonly tables: Tables;
  readonly queues: Queues;
  readonly config: StageConfig;
}

/**
 * Makes the function that starts what is due of a planned schedule, and moves its plan on.
 *
 * Lambda is told not to retry: a fire time that it could not take goes to the queue of failed invocations at once, and is told again
 * from there sooner than Lambda would.
 */
export class AdvanceSchedule extends AlmanacFunction {
  constructor(scope: Construct, id: string, { tables, queues, config }: AdvanceScheduleProps) {
    super(scope, id, {
      entry: 'functions/advance-schedule/handler.ts',
      description: 'Starts what is due of planned schedules, and moves their plans on',
      timeout: Duration.seconds(60),
      memoryMb: 512,
      mayGoRound: true,
      environment: {
        SCHEDULES_TABLE: tables.schedules.tableName,
        JOBS_TABLE: tables.jobs.tableName,
        STARTS_QUEUE_URL: queues.starts.queueUrl,
      } satisfies Record<(typeof ENVIRONMENT)[number], string>,
      grants: [
        {
          actions: ['dynamodb:Query', 'dynamodb:UpdateItem'],
          resources: [tables.schedules.tableArn],
        },
        { actions: ['dynamodb:PutItem'], resources: [tables.jobs.tableArn] },
        {
          actions: ['sqs:SendMessage'],
          resources: [queues.starts.queueArn, queues.failedInvocations.queueArn],
        },
      ],
      config,
    });
    new EventInvokeConfig(this, 'Invocations', {
      function: this.lambda,
      retryAttempts: 0,
      maxEventAge: Duration.hours(6),
      onFailure: { bind: () => ({ destination: queues.failedInvocations.queueArn }) },
    });
  }
}
