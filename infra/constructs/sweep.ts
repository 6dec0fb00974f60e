import { Arn, Duration, Stack } from 'aws-cdk-lib';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import type { ENVIRONMENT } from '#functions/sweep/environment.ts';
import type { StageConfig } from '#infra/config.ts';
import { AlmanacFunction } from '#infra/constructs/almanac-function.ts';
import type { Queues } from '#infra/constructs/queues.ts';
import { SCHEDULES_BY_ID, type Tables } from '#infra/constructs/tables.ts';
import { statementOf } from '#infra/grant.ts';
import { SWEEP_SECONDS } from '#shared/domain/schedule/stands-still.ts';

/** What is swept, and where what it finds goes. */
export interface SweepProps {
  readonly tables: Tables;
  readonly queues: Queues;
  readonly config: StageConfig;
}

/** The group that every account has. Users name schedules in the stack's own group, where the sweep's could meet one of theirs. */
const DEFAULT_GROUP = 'default';

/**
 * Makes the function that looks for schedules that stand still, and the schedule by which EventBridge calls it.
 *
 * Neither retries: the next sweep comes in five minutes, and goes on where the last one stopped.
 */
export class Sweep extends AlmanacFunction {
  constructor(scope: Construct, id: string, { tables, queues, config }: SweepProps) {
    const { schedules } = tables;
    super(scope, id, {
      entry: 'functions/sweep/handler.ts',
      description: 'Finds schedules that stand still, and sets them going',
      timeout: Duration.seconds(SWEEP_SECONDS / 2),
      memoryMb: 512,
      environment: {
        SCHEDULES_TABLE: schedules.tableName,
        STARTS_QUEUE_URL: queues.starts.queueUrl,
      } satisfies Record<(typeof ENVIRONMENT)[number], string>,
      grants: [
        {
          actions: [
            'dynamodb:BatchGetItem',
            'dynamodb:GetItem',
            'dynamodb:PutItem',
            'dynamodb:UpdateItem',
          ],
          resources: [schedules.tableArn],
        },
        {
          actions: ['dynamodb:Query'],
          resources: [`${schedules.tableArn}/index/${SCHEDULES_BY_ID}`],
        },
        { actions: ['sqs:SendMessage'], resources: [queues.starts.queueArn] },
      ],
      config,
    });
    new EventInvokeConfig(this, 'Invocations', {
      function: this.lambda,
      retryAttempts: 0,
      maxEventAge: Duration.seconds(SWEEP_SECONDS),
    });
    new CfnSchedule(this, 'Timer', {
      groupName: DEFAULT_GROUP,
      description: 'Sweeps the schedules of Almanac',
      scheduleExpression: `cron(0/${SWEEP_SECONDS / 60} * * * ? *)`,
      scheduleExpressionTimezone: 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: this.lambda.functionArn,
        roleArn: this.timerRole().roleArn,
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: SWEEP_SECONDS },
      },
    });
  }

  private timerRole(): Role {
    const stack = Stack.of(this);
    return new Role(this, 'TimerRole', {
      description: 'As which EventBridge Scheduler calls the sweep',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': stack.account,
            'aws:SourceArn': Arn.format(
              {
                service: 'scheduler',
                resource: 'schedule-group',
                resourceName: DEFAULT_GROUP,
              },
              stack,
            ),
          },
        },
      }),
      inlinePolicies: {
        Grants: new PolicyDocument({
          statements: [
            statementOf({
              actions: ['lambda:InvokeFunction'],
              resources: [this.lambda.functionArn],
            }),
          ],
        }),
      },
    });
  }
}
