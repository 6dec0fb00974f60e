import { Duration } from 'aws-cdk-lib';
import { EventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { ENVIRONMENT } from '#functions/audit-storage/environment.ts';
import type { StageConfig } from '#infra/config.ts';
import { AlmanacFunction } from '#infra/constructs/almanac-function.ts';
import { DefaultTimer } from '#infra/constructs/default-timer.ts';
import type { Payloads } from '#infra/constructs/payloads.ts';
import type { Queues } from '#infra/constructs/queues.ts';
import type { Tables } from '#infra/constructs/tables.ts';
import { BY_DAY } from '#shared/domain/job/job-index.ts';
import { RESULTS_PREFIX, UNSETTLED_PREFIX } from '#shared/domain/result/payload-class.ts';

/** What is audited, and what has an audit go on. */
export interface AuditStorageProps {
  readonly tables: Tables;
  readonly payloads: Payloads;
  readonly queues: Queues;
  readonly config: StageConfig;
}

/** Every night at 3:17 UTC: not on the hour, when most of the world's schedules fire. */
const NIGHTLY = 'cron(17 3 * * ? *)';

/** An hour late is as good as on time. */
const LONGEST_WAIT = Duration.hours(1);

/** EventBridge writes the time of the schedule in its place. See https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>';

/**
 * Makes the function that compares the payload bucket with the Jobs table, and the schedule by which EventBridge calls it each night.
 *
 * An invocation that fails is tried twice more by Lambda, and goes on from what it saved. A bucket that takes longer than one invocation
 * is gone through by several, which call each other through the starts queue.
 */
export class AuditStorage extends AlmanacFunction {
  constructor(scope: Construct, id: string, props: AuditStorageProps) {
    const { tables, payloads, queues, config } = props;
    super(scope, id, {
      entry: 'functions/audit-storage/handler.ts',
      description: 'Compares the payload bucket with the Jobs table, both ways',
      timeout: Duration.minutes(15),
      memoryMb: 512,
      mayGoRound: true,
      environment: {
        SCHEDULES_TABLE: tables.schedules.tableName,
        JOBS_TABLE: tables.jobs.tableName,
        PAYLOAD_BUCKET: payloads.bucket.bucketName,
        STARTS_QUEUE_URL: queues.starts.queueUrl,
      } satisfies Record<(typeof ENVIRONMENT)[number], string>,
      grants: [
        {
          actions: ['dynamodb:PutItem', 'dynamodb:Query'],
          resources: [tables.schedules.tableArn],
        },
        { actions: ['dynamodb:BatchGetItem'], resources: [tables.jobs.tableArn] },
        {
          actions: ['dynamodb:Scan'],
          resources: [`${tables.jobs.tableArn}/index/${BY_DAY}`],
        },
        ...[RESULTS_PREFIX, UNSETTLED_PREFIX].map((prefix) => ({
          actions: ['s3:ListBucket'],
          resources: [payloads.bucket.bucketArn],
          conditions: { StringLike: { 's3:prefix': `${prefix}*` } },
        })),
        {
          actions: ['s3:DeleteObject'],
          resources: [payloads.everyResult, payloads.everyUnsettled],
          wildcard: {
            grounds: 'keys-made-at-run-time',
            because:
              'It deletes objects that no row points to and none can come to point to, each by its exact key; nothing else lies under the prefixes.',
          },
        },
        { actions: ['sqs:SendMessage'], resources: [queues.starts.queueArn] },
      ],
      config,
    });
    new EventInvokeConfig(this, 'Invocations', {
      function: this.lambda,
      retryAttempts: 2,
      maxEventAge: LONGEST_WAIT,
    });
    new DefaultTimer(this, 'Timer', {
      lambda: this.lambda,
      description: 'Audits the payload bucket of Almanac',
      expression: NIGHTLY,
      input: { kind: 'daily-audit', at: SCHEDULED_TIME },
      longestWaitSeconds: LONGEST_WAIT.toSeconds(),
    });
  }
}
