import { DeleteScheduleCommand, ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import type { CloudPlay } from '#test/support/play-on-cloud.ts';

/** Stops the sweep of a played cloud for good: a test that goes through weeks would mostly wait for thousands of them. */
export async function stopSweeps({ scheduler }: CloudPlay): Promise<void> {
  const { Schedules = [] } = await scheduler.send(
    new ListSchedulesCommand({ GroupName: 'default' }),
  );
  for (const { Name } of Schedules)
    await scheduler.send(new DeleteScheduleCommand({ Name, GroupName: 'default' }));
}
