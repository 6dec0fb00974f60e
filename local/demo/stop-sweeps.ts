import { DeleteScheduleCommand, ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import type { Stage } from '#local/demo/stage.ts';

/** The group in which the stack's own timer is, and no user's schedule. */
const GroupName = 'default';

/** Stops the sweep for good, so that a leap over days is not mostly a wait for thousands of them. */
export async function stopSweeps({ scheduler }: Stage): Promise<void> {
  const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({ GroupName }));
  for (const { Name } of Schedules)
    await scheduler.send(new DeleteScheduleCommand({ Name, GroupName }));
}
