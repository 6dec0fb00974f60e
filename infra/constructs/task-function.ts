import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { EventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { StageConfig } from '#infra/config.ts';
import { AlmanacFunction } from '#infra/constructs/almanac-function.ts';
import type { Payloads } from '#infra/constructs/payloads.ts';
import type { Queues } from '#infra/constructs/queues.ts';
import type { Tables } from '#infra/constructs/tables.ts';
import type { TaskDefinition } from '#infra/tasks.ts';
import { BY_WAITING } from '#shared/domain/job/job-index.ts';
import {
  type ENVIRONMENT,
  MAX_RESULT_BYTES,
  MAX_RUNNING_JOBS,
} from '#shared/runner/environment.ts';

/** A task, and where its jobs are kept. */
export interface TaskFunctionProps {
  readonly task: TaskDefinition;
  readonly tables: Tables;
  readonly payloads: Payloads;
  readonly queues: Queues;
  readonly config: StageConfig;
}

/**
 * Makes the function of one task.
 *
 * Lambda is told not to retry: a retry of its own would be an attempt that no policy counts. What an invocation leaves undone
 * goes to the queue of failed invocations at once.
 */
export class TaskFunction extends AlmanacFunction {
  constructor(scope: Construct, id: string, props: TaskFunctionProps) {
    const { task, tables, payloads, queues, config } = props;
    super(scope, id, {
      functionName: `${taskFunctionPrefix(scope)}${task.id}`,
      entry: task.entry,
      description: task.description,
      timeout: Duration.seconds(task.timeoutSeconds),
      memoryMb: task.memoryMb,
      mayGoRound: true,
      environment: {
        ...task.variables,
        JOBS_TABLE: tables.jobs.tableName,
        SCHEDULES_TABLE: tables.schedules.tableName,
        PAYLOAD_BUCKET: payloads.bucket.bucketName,
        STARTS_QUEUE_URL: queues.starts.queueUrl,
        TASK_ID: task.id,
        ...limitsOf(task),
      } satisfies Record<(typeof ENVIRONMENT)[number], string>,
      grants: [
        {
          // Reading is for a task that asks for its schedule's previous success, and for jobs that wait for their turn.
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
          resources: [tables.schedules.tableArn, `${tables.jobs.tableArn}/index/${BY_WAITING}`],
        },
        {
          actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
          resources: [payloads.everyResult],
          wildcard: {
            grounds: 'keys-made-at-run-time',
            because:
              'Each attempt writes an object of its own, on condition that it does not exist, and may read that of the previous success; nothing else lies under the prefix.',
          },
        },
        {
          actions: ['s3:PutObject'],
          resources: [payloads.everyUnsettled],
          wildcard: {
            grounds: 'keys-made-at-run-time',
            because:
              'Each attempt writes an object of its own, on condition that it does not exist; nothing else lies under the prefix.',
          },
        },
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
      // The longest that Lambda takes; a start that has waited too long is refused by its own `deliverBy`.
      maxEventAge: Duration.hours(6),
      onFailure: { bind: () => ({ destination: queues.failedInvocations.queueArn }) },
    });
  }
}

function limitsOf({
  maxRunningJobs,
  maxResultBytes,
}: TaskDefinition): Readonly<Record<string, string>> {
  return {
    ...(maxRunningJobs !== undefined && { [MAX_RUNNING_JOBS]: String(maxRunningJobs) }),
    ...(maxResultBytes !== undefined && { [MAX_RESULT_BYTES]: String(maxResultBytes) }),
  };
}

/** What the ARN of every task's function begins with: the task's id behind it makes it whole. */
export function taskFunctionArnPrefix(scope: Construct): string {
  return Stack.of(scope).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: taskFunctionPrefix(scope),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** Task ids are kept so short that the name stays within Lambda's 64 characters. */
function taskFunctionPrefix(scope: Construct): string {
  return `${Stack.of(scope).stackName}-task-`;
}
