import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  ResourceNotFoundException,
  type SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import type { TaskFunctionArns } from '#shared/adapters/lambda/task-function-arns.ts';
import type { ProjectedSchedule } from '#shared/domain/schedule/decide-projection.ts';
import type { EventBridge, ProjectionResult } from '#shared/ports/event-bridge.ts';

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

const APPLIED: ProjectionResult = { kind: 'applied' };

/**
 * Keeps schedules in one group of EventBridge Scheduler.
 *
 * An update replaces all that EventBridge knows of a schedule, so both calls carry everything.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html
 */
export function createEventBridgeSchedules(
  client: SchedulerClient,
  target: EventBridgeTarget,
): EventBridge {
  return {
    apply: (schedule) => apply(client, scheduleParams(schedule, target)),
    remove: async (name) => {
      try {
        await client.send(new DeleteScheduleCommand({ Name: name, GroupName: target.group }));
        return APPLIED;
      } catch (error) {
        return error instanceof ResourceNotFoundException ? APPLIED : refused(error);
      }
    },
  };
}

function scheduleParams(
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

async function apply(
  client: SchedulerClient,
  params: CreateScheduleCommandInput,
): Promise<ProjectionResult> {
  try {
    await createOrUpdate(client, params);
    return APPLIED;
  } catch (error) {
    return refused(error);
  }
}

/** Creates first: most schedules are written once, and a copy that exists answers a conflict. */
async function createOrUpdate(
  client: SchedulerClient,
  params: CreateScheduleCommandInput,
): Promise<void> {
  try {
    await client.send(new CreateScheduleCommand(params));
  } catch (error) {
    if (!(error instanceof ConflictException)) throw error;
    await client.send(new UpdateScheduleCommand(params));
  }
}

function refused(error: unknown): ProjectionResult {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { kind: 'refused', code: name, message };
}
