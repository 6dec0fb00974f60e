import { Duration } from 'aws-cdk-lib';
import { EventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { ENVIRONMENT } from '#functions/archive-jobs/environment.ts';
import type { StageConfig } from '#infra/config.ts';
import { AlmanacFunction } from '#infra/constructs/almanac-function.ts';
import { DefaultTimer } from '#infra/constructs/default-timer.ts';
import type { Payloads } from '#infra/constructs/payloads.ts';
import type { Tables } from '#infra/constructs/tables.ts';
import { BY_EXPIRY } from '#shared/domain/result/expiry-attributes.ts';

/** What is archived, and where. */
export interface ArchiveJobsProps {
  readonly tables: Tables;
  readonly payloads: Payloads;
  readonly config: StageConfig;
}

/** Four times a day, the first an hour and more after the day before has ended: what one invocation leaves, the next does. */
const FOUR_TIMES_A_DAY = 'cron(41 1,7,13,19 * * ? *)';

/** An hour late is as good as on time. */
const LONGEST_WAIT = Duration.hours(1);

/**
 * Makes the function that writes expired jobs to the archive, and the schedule by which EventBridge calls it.
 *
 * It is not tried again: the next call goes on from what it saved.
 */
export class ArchiveJobs extends AlmanacFunction {
  constructor(scope: Construct, id: string, props: ArchiveJobsProps) {
    const { tables, payloads, config } = props;
    super(scope, id, {
      entry: 'functions/archive-jobs/handler.ts',
      description: 'Writes expired jobs and their results to the archive',
      timeout: Duration.minutes(15),
      memoryMb: 1_024,
      environment: {
        JOBS_TABLE: tables.jobs.tableName,
        USAGE_TABLE: tables.usage.tableName,
        PAYLOAD_BUCKET: payloads.bucket.bucketName,
      } satisfies Record<(typeof ENVIRONMENT)[number], string>,
      grants: [
        { actions: ['dynamodb:Query'], resources: [`${tables.jobs.tableArn}/index/${BY_EXPIRY}`] },
        { actions: ['dynamodb:BatchGetItem'], resources: [tables.jobs.tableArn] },
        { actions: ['dynamodb:GetItem', 'dynamodb:PutItem'], resources: [tables.usage.tableArn] },
        {
          actions: ['s3:GetObject'],
          resources: [payloads.everyResult],
          wildcard: {
            grounds: 'keys-made-at-run-time',
            because:
              'It reads exactly the objects that the rows of expired jobs name; nothing else lies under the prefix.',
          },
        },
        {
          actions: ['s3:PutObject'],
          resources: [payloads.everyArchived],
          wildcard: {
            grounds: 'keys-made-at-run-time',
            because:
              'It writes the files of each day, and copies of large results, under a prefix that nothing else is written to.',
          },
        },
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
      description: 'Archives expired jobs of Almanac',
      expression: FOUR_TIMES_A_DAY,
      longestWaitSeconds: LONGEST_WAIT.toSeconds(),
    });
  }
}
