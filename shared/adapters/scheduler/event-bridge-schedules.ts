import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  ResourceNotFoundException,
  type SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import {
  type EventBridgeTarget,
  scheduleParams,
} from '#shared/adapters/scheduler/schedule-params.ts';
import type { EventBridge, ProjectionResult } from '#shared/ports/event-bridge.ts';

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
