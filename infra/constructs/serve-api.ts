import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ENVIRONMENT } from '#functions/serve-api/environment.ts';
import type { StageConfig } from '#infra/config.ts';
import { AlmanacFunction } from '#infra/constructs/almanac-function.ts';
import type { Payloads } from '#infra/constructs/payloads.ts';
import type { Queues } from '#infra/constructs/queues.ts';
import { SCHEDULES_BY_ID, type Tables, USAGE_BY_ID } from '#infra/constructs/tables.ts';
import { listBudgets } from '#infra/list-budgets.ts';
import { CALENDARS_FOLDER, listCalendars } from '#infra/list-calendars.ts';
import { listTasks } from '#infra/list-tasks.ts';
import type { AnyTask } from '#infra/tasks.ts';
import { stackRetention } from '#shared/contracts/retention.ts';
import { ARCHIVE_PREFIX } from '#shared/domain/archive/archive-place.ts';
import { BY_DAY, BY_FAILURE } from '#shared/domain/job/job-index.ts';

/** What the API reads and writes. */
export interface ServeApiProps {
  readonly tables: Tables;
  readonly payloads: Payloads;
  readonly queues: Queues;
  /** The tasks that schedules may name; the API validates inputs by their schemas. */
  readonly tasks: readonly AnyTask[];
  readonly config: StageConfig;
}

/** API Gateway answers 503 by itself after 30 seconds, so the function ends before. */
const TIMEOUT = Duration.seconds(29);

/** Makes the function that answers every request of the HTTP API. */
export class ServeApi extends AlmanacFunction {
  constructor(scope: Construct, id: string, props: ServeApiProps) {
    const { tables, payloads, queues, tasks, config } = props;
    super(scope, id, {
      entry: 'functions/serve-api/handler.ts',
      files: {
        'tasks.json': listTasks(tasks),
        'calendars.json': listCalendars(CALENDARS_FOLDER),
        'budgets.json': listBudgets(config.budgets),
        'retention.json': JSON.stringify(stackRetention.parse(config.retention)),
      },
      description: 'Answers the HTTP API',
      timeout: TIMEOUT,
      memoryMb: 512,
      environment: {
        SCHEDULES_TABLE: tables.schedules.tableName,
        JOBS_TABLE: tables.jobs.tableName,
        USAGE_TABLE: tables.usage.tableName,
        PAYLOAD_BUCKET: payloads.bucket.bucketName,
        STARTS_QUEUE_URL: queues.starts.queueUrl,
      } satisfies Record<(typeof ENVIRONMENT)[number], string>,
      grants: [
        {
          // A schedule is written in one transaction, which IAM checks as the writes and checks in it; `GetItem` is for the cursors' key.
          actions: [
            'dynamodb:BatchGetItem',
            'dynamodb:ConditionCheckItem',
            'dynamodb:DeleteItem',
            'dynamodb:GetItem',
            'dynamodb:PutItem',
            'dynamodb:Query',
            'dynamodb:UpdateItem',
          ],
          resources: [tables.schedules.tableArn],
        },
        {
          actions: ['dynamodb:Query'],
          resources: [`${tables.schedules.tableArn}/index/${SCHEDULES_BY_ID}`],
        },
        {
          actions: [
            'dynamodb:GetItem',
            'dynamodb:PutItem',
            'dynamodb:Query',
            'dynamodb:UpdateItem',
          ],
          resources: [tables.jobs.tableArn],
        },
        {
          actions: ['dynamodb:Query'],
          resources: [BY_DAY, BY_FAILURE].map((index) => `${tables.jobs.tableArn}/index/${index}`),
        },
        {
          actions: ['dynamodb:BatchGetItem', 'dynamodb:Query'],
          resources: [tables.usage.tableArn],
        },
        {
          actions: ['dynamodb:Query'],
          resources: [`${tables.usage.tableArn}/index/${USAGE_BY_ID}`],
        },
        {
          actions: ['s3:GetObject', 's3:PutObject'],
          resources: [payloads.everyResult],
          wildcard: {
            grounds: 'keys-made-at-run-time',
            because:
              'It hands out the result of any job, by a URL that it signs, and copies one that is to be kept longer than its lifecycle class; nothing else lies under the prefix.',
          },
        },
        {
          actions: ['s3:GetObject'],
          resources: [payloads.everyArchived],
          wildcard: {
            grounds: 'keys-made-at-run-time',
            because:
              'It puts archived jobs back, of any day and class; nothing else lies under the prefix.',
          },
        },
        {
          actions: ['s3:ListBucket'],
          resources: [payloads.bucket.bucketArn],
          conditions: { StringLike: { 's3:prefix': `${ARCHIVE_PREFIX}*` } },
        },
        { actions: ['sqs:SendMessage'], resources: [queues.starts.queueArn] },
      ],
      config,
    });
  }
}
