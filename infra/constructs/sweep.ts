import { Duration, Stack } from 'aws-cdk-lib';
import { EventInvokeConfig, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { ENVIRONMENT } from '#functions/sweep/environment.ts';
import type { StageConfig } from '#infra/config.ts';
import { adoptedVariable } from '#infra/constructs/adopt-tasks.ts';
import type { AdoptedFunction } from '#infra/constructs/adopted-function.ts';
import { AlmanacFunction } from '#infra/constructs/almanac-function.ts';
import { DefaultTimer } from '#infra/constructs/default-timer.ts';
import type { Payloads } from '#infra/constructs/payloads.ts';
import type { Queues } from '#infra/constructs/queues.ts';
import type { Scheduling } from '#infra/constructs/scheduling.ts';
import { SCHEDULES_BY_ID, type Tables } from '#infra/constructs/tables.ts';
import { taskFunctionArnPrefix } from '#infra/constructs/task-function.ts';
import type { Grant } from '#infra/grant.ts';
import { listBudgets } from '#infra/list-budgets.ts';
import { listTasks } from '#infra/list-tasks.ts';
import type { AnyTask } from '#infra/tasks.ts';
import { SWEEP_SECONDS } from '#shared/domain/schedule/stands-still.ts';

/** What is swept, and where what it finds goes. */
export interface SweepProps {
  readonly tables: Tables;
  readonly payloads: Payloads;
  readonly queues: Queues;
  readonly scheduling: Scheduling;
  /** Takes the firings of planned schedules. */
  readonly advanceSchedule: IFunction;
  readonly tasks: readonly AnyTask[];
  /** Those of them whose functions claim nothing. */
  readonly adopted: readonly AdoptedFunction[];
  readonly config: StageConfig;
}

/**
 * Makes the function that looks for schedules and jobs that stand still and for copies that drifted, and the schedule by which
 * EventBridge calls it.
 *
 * Neither retries: the next sweep comes in five minutes, and goes on where the last one stopped.
 */
export class Sweep extends AlmanacFunction {
  constructor(scope: Construct, id: string, props: SweepProps) {
    const { tables, payloads, queues, scheduling, advanceSchedule, tasks, adopted, config } = props;
    super(scope, id, {
      entry: 'functions/sweep/handler.ts',
      files: {
        'tasks.json': listTasks(tasks),
        'budgets.json': listBudgets(config.budgets),
      },
      description: 'Finds schedules and jobs that stand still, and sets them going',
      timeout: Duration.seconds(SWEEP_SECONDS / 2),
      memoryMb: 512,
      environment: {
        SCHEDULES_TABLE: tables.schedules.tableName,
        JOBS_TABLE: tables.jobs.tableName,
        USAGE_TABLE: tables.usage.tableName,
        PAYLOAD_BUCKET: payloads.bucket.bucketName,
        ...adoptedVariable(scope, adopted),
        STARTS_QUEUE_URL: queues.starts.queueUrl,
        STACK_NAME: Stack.of(scope).stackName,
        SCHEDULE_GROUP: scheduling.group.scheduleGroupName,
        SCHEDULER_ROLE_ARN: scheduling.executionRole.roleArn,
        TASK_FUNCTION_ARN_PREFIX: taskFunctionArnPrefix(scope),
        ADVANCE_FUNCTION_ARN: advanceSchedule.functionArn,
        UNDELIVERED_QUEUE_ARN: queues.undeliveredStarts.queueArn,
      } satisfies Record<(typeof ENVIRONMENT)[number], string>,
      grants: grantsOf(props),
      config,
    });
    new EventInvokeConfig(this, 'Invocations', {
      function: this.lambda,
      retryAttempts: 0,
      maxEventAge: Duration.seconds(SWEEP_SECONDS),
    });
    new DefaultTimer(this, 'Timer', {
      lambda: this.lambda,
      description: 'Sweeps the schedules of Almanac',
      expression: `cron(0/${SWEEP_SECONDS / 60} * * * ? *)`,
      longestWaitSeconds: SWEEP_SECONDS,
    });
  }
}

function grantsOf({ tables, payloads, queues, scheduling, config }: SweepProps): readonly Grant[] {
  const { schedules, jobs, usage } = tables;
  return [
    // Only budgets are counted by it.
    ...(config.budgets.length === 0
      ? []
      : [{ actions: ['dynamodb:BatchGetItem', 'dynamodb:Query'], resources: [usage.tableArn] }]),
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
    {
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      resources: [jobs.tableArn],
    },
    {
      actions: ['s3:DeleteObject', 's3:GetObject'],
      resources: [payloads.everyUnsettled],
      wildcard: {
        grounds: 'keys-made-at-run-time',
        because:
          'It takes up the outcome that any dead attempt left behind; nothing else lies under the prefix.',
      },
    },
    {
      // Without it S3 answers 403 for an object that is not there, which would look like a lost permission.
      actions: ['s3:ListBucket'],
      resources: [payloads.bucket.bucketArn],
    },
    {
      actions: ['scheduler:GetSchedule'],
      resources: [scheduling.everySchedule],
      wildcard: {
        grounds: 'keys-made-at-run-time',
        because:
          'It looks at the copy of any schedule, which users name at run time; all are in the one group of this stack.',
      },
    },
    { actions: ['sqs:SendMessage'], resources: [queues.starts.queueArn] },
  ];
}
