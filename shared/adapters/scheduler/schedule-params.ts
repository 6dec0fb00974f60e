import type { CreateScheduleCommandInput } from '@aws-sdk/client-scheduler';
import type { TaskFunctionArns } from '#shared/adapters/lambda/task-function-arns.ts';
import type { ProjectedSchedule } from '#shared/domain/schedule/decide-projection.ts';

/** Where the schedules go, and as whom they fire. */
export interface EventBridgeTarget {
  readonly group: string;
  readonly roleArn: string;
  readonly taskFunctionArn: TaskFunctionArns;
  readonly advanceFunctionArn: string;
  readonly deadLetterQueueArn: string;
}

/** As many as there can be: a start is given up by its age. See https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html */
const MOST_RETRIES = 185;

/** Writes a schedule as EventBridge is to hold it: all that a call of creation or update carries, and what a copy is compared with. */
export function scheduleParams(
  schedule: ProjectedSchedule,
  target: EventBridgeTarget,
): CreateScheduleCommandInput {
  const { startDate, endDate, task } = schedule;
  return {
    Name: schedule.name,
    GroupName: target.group,
    ScheduleExpression: schedule.expression,
    ScheduleExpressionTimezone: schedule.timeZone,
    ...(startDate !== undefined && { StartDate: new Date(startDate * 1000) }),
    ...(endDate !== undefined && { EndDate: new Date(endDate * 1000) }),
    State: schedule.isPaused ? 'DISABLED' : 'ENABLED',
    FlexibleTimeWindow: { Mode: 'OFF' },
    // A planned schedule is re-armed under its name as soon as it has fired, which a deletion that comes late would undo.
    ActionAfterCompletion: task === undefined ? 'NONE' : 'DELETE',
    Target: {
      Arn: task === undefined ? target.advanceFunctionArn : target.taskFunctionArn(task),
      RoleArn: target.roleArn,
      Input: schedule.input,
      DeadLetterConfig: { Arn: target.deadLetterQueueArn },
      RetryPolicy: {
        MaximumEventAgeInSeconds: schedule.maximumEventAgeSeconds,
        MaximumRetryAttempts: MOST_RETRIES,
      },
    },
  };
}
