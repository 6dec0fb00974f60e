import {
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  ResourceNotFoundException,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { copyDifferences } from '#shared/adapters/scheduler/copy-differences.ts';
import {
  type EventBridgeTarget,
  scheduleParams,
} from '#shared/adapters/scheduler/schedule-params.ts';
import type { EventBridgeCopies } from '#shared/ports/event-bridge-copies.ts';

/** Looks at the schedules of one group of EventBridge Scheduler. */
export function createEventBridgeCopies(
  client: SchedulerClient,
  target: EventBridgeTarget,
): EventBridgeCopies {
  return {
    differences: async (name, expected, now) => {
      const found = await find(client, { Name: name, GroupName: target.group });
      if (!expected) return found ? ['present'] : [];
      return found ? copyDifferences(scheduleParams(expected, target), found, now) : ['missing'];
    },
  };
}

async function find(
  client: SchedulerClient,
  which: { readonly Name: string; readonly GroupName: string },
): Promise<GetScheduleCommandOutput | undefined> {
  try {
    return await client.send(new GetScheduleCommand(which));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
