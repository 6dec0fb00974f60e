import { Duration } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { EventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { ENVIRONMENT } from '#functions/announce-expiring/environment.ts';
import type { StageConfig } from '#infra/config.ts';
import { AlmanacFunction } from '#infra/constructs/almanac-function.ts';
import { DefaultTimer } from '#infra/constructs/default-timer.ts';
import type { Tables } from '#infra/constructs/tables.ts';
import { BY_EXPIRY } from '#shared/domain/result/expiry-attributes.ts';

/** What is about to expire, and where it is told. */
export interface AnnounceExpiringProps {
  readonly tables: Tables;
  readonly bus: EventBus;
  readonly config: StageConfig;
}

/** Four times a day, not on the hour: a result is told of between 18 and 24 hours before it expires. */
const FOUR_TIMES_A_DAY = 'cron(23 2,8,14,20 * * ? *)';

/** An hour late is as good as on time. */
const LONGEST_WAIT = Duration.hours(1);

/**
 * Makes the function that tells on the event bus which results are about to expire, and the schedule by which EventBridge calls it.
 *
 * It is not tried again: the next call goes on from what it saved.
 */
export class AnnounceExpiring extends AlmanacFunction {
  constructor(scope: Construct, id: string, props: AnnounceExpiringProps) {
    const { tables, bus, config } = props;
    super(scope, id, {
      entry: 'functions/announce-expiring/handler.ts',
      description: 'Tells on the event bus which results are about to expire',
      timeout: Duration.minutes(15),
      memoryMb: 256,
      environment: {
        JOBS_TABLE: tables.jobs.tableName,
        USAGE_TABLE: tables.usage.tableName,
        EVENT_BUS_ARN: bus.eventBusArn,
      } satisfies Record<(typeof ENVIRONMENT)[number], string>,
      grants: [
        { actions: ['dynamodb:Query'], resources: [`${tables.jobs.tableArn}/index/${BY_EXPIRY}`] },
        { actions: ['dynamodb:BatchGetItem'], resources: [tables.jobs.tableArn] },
        { actions: ['dynamodb:GetItem', 'dynamodb:PutItem'], resources: [tables.usage.tableArn] },
        { actions: ['events:PutEvents'], resources: [bus.eventBusArn] },
      ],
      config,
    });
    new EventInvokeConfig(this, 'Invocations', {
      function: this.lambda,
      retryAttempts: 0,
      maxEventAge: LONGEST_WAIT,
    });
    new DefaultTimer(this, 'Timer', {
      lambda: this.lambda,
      description: 'Tells which results of Almanac are about to expire',
      expression: FOUR_TIMES_A_DAY,
      longestWaitSeconds: LONGEST_WAIT.toSeconds(),
    });
  }
}
