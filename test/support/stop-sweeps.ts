import { DeleteScheduleCommand, ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import type { CloudPlay } from '#test/support/play-on-cloud.ts';

/**
 * Stops the timers of a played cloud for good: a test that goes through weeks would mostly wait for thousands of sweeps.
 *
 * @param which - Only those whose name is like this.
 */
export async function stopSweeps({ scheduler }: CloudPlay, which = /^/): Promise<void> {
  const { Schedules = [] } = await scheduler.send(
    new ListSchedulesCommand({ GroupName: 'default' }),
  );
  for (const { Name = '' } of Schedules)
    if (which.test(Name))
      await scheduler.send(new DeleteScheduleCommand({ Name, GroupName: 'default' }));
}
