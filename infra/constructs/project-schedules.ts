import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { ENVIRONMENT } from '#functions/project-schedules/environment.ts';
import type { StageConfig } from '#infra/config.ts';
import { adoptedVariable } from '#infra/constructs/adopt-tasks.ts';
import type { AdoptedFunction } from '#infra/constructs/adopted-function.ts';
import { AlmanacFunction } from '#infra/constructs/almanac-function.ts';
import type { Queues } from '#infra/constructs/queues.ts';
import type { Scheduling } from '#infra/constructs/scheduling.ts';
import {
  addStreamSource,
  grantStreamSource,
  type StreamSource,
} from '#infra/constructs/stream-source.ts';
import type { Tables } from '#infra/constructs/tables.ts';
import { taskFunctionArnPrefix } from '#infra/constructs/task-function.ts';

/** What is projected, and whereto. */
export interface ProjectSchedulesProps {
  readonly tables: Tables;
  readonly queues: Queues;
  readonly scheduling: Scheduling;
  /** Takes the firings of planned schedules. */
  readonly advanceSchedule: IFunction;
  /** Tasks whose function is not found by their id. */
  readonly adopted: readonly AdoptedFunction[];
  readonly config: StageConfig;
}

/** Wakes on states that EventBridge has yet to follow; its own notes of how EventBridge stands are not pending, and do not wake it. */
const PENDING = { dynamodb: { NewImage: { sync: { M: { state: { S: ['pending'] } } } } } };

/** Makes the function that alone calls EventBridge Scheduler, to make it equal to the Schedules table. */
export class ProjectSchedules extends AlmanacFunction {
  constructor(scope: Construct, id: string, props: ProjectSchedulesProps) {
    const { tables, queues, scheduling, advanceSchedule, adopted, config } = props;
    const { schedules } = tables;
    const source: StreamSource = {
      table: schedules,
      filters: [PENDING],
      failedBatches: queues.failedBatches,
    };
    super(scope, id, {
      entry: 'functions/project-schedules/handler.ts',
      description: 'Makes EventBridge Scheduler equal to the Schedules table',
      timeout: Duration.seconds(60),
      memoryMb: 512,
      environment: {
        SCHEDULES_TABLE: schedules.tableName,
        STARTS_QUEUE_URL: queues.starts.queueUrl,
        SCHEDULE_GROUP: scheduling.group.scheduleGroupName,
        SCHEDULER_ROLE_ARN: scheduling.executionRole.roleArn,
        TASK_FUNCTION_ARN_PREFIX: taskFunctionArnPrefix(scope),
        ...adoptedVariable(scope, adopted),
        ADVANCE_FUNCTION_ARN: advanceSchedule.functionArn,
        UNDELIVERED_QUEUE_ARN: queues.undeliveredStarts.queueArn,
      } satisfies Record<(typeof ENVIRONMENT)[number], string>,
      grants: [
        { actions: ['dynamodb:Query', 'dynamodb:UpdateItem'], resources: [schedules.tableArn] },
        {
          actions: [
            'scheduler:CreateSchedule',
            'scheduler:DeleteSchedule',
            'scheduler:UpdateSchedule',
          ],
          resources: [scheduling.everySchedule],
          wildcard: {
            grounds: 'keys-made-at-run-time',
            because: 'Users name their schedules at run time, all in the one group of this stack.',
          },
        },
        {
          actions: ['iam:PassRole'],
          resources: [scheduling.executionRole.roleArn],
          conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
        },
        { actions: ['sqs:SendMessage'], resources: [queues.starts.queueArn] },
        ...grantStreamSource(source),
      ],
      config,
    });
    addStreamSource(this, source);
  }
}
