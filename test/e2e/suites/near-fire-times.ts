import { DeleteScheduleCommand } from '@aws-sdk/client-scheduler';
import { beforeAll, expect, it } from 'vitest';
import type { CloudPlay } from '#test/support/play-on-cloud.ts';

/** That no fire time is lost or run twice where its schedule changes moments before it. */
export function nearFireTimes(shared: () => CloudPlay): void {
  let play: CloudPlay;

  beforeAll(() => {
    play = shared();
  });

  const once = (id: string, at: string) => ({
    id,
    task: 'flaky-import',
    trigger: { kind: 'once', at },
    resultExpirationTime: '1h',
  });
  const claims = () => play.callsOf('Almanac-dev-task-flaky-import', 'PutItem');

  it.each([20, 1])(
    'runs once, on time, when the schedule is created %i s before it',
    async (seconds) => {
      const { cloud, at, define, rowsOf } = play;
      const id = `created-${seconds}-before`;
      const soon = at(seconds);
      cloud.requests.reset();

      await define(once(id, soon));
      await cloud.clock.advanceTo(soon);
      expect(await rowsOf(id)).toMatchObject([{ outcome: 'success', startedAt: soon, attempt: 1 }]);
      expect(claims()).toBe(1);
      await cloud.clock.advanceBy(600);

      // The queue's start came as well, and found the job settled.
      expect(claims()).toBe(2);
      expect(await rowsOf(id)).toMatchObject([{ outcome: 'success', startedAt: soon, attempt: 1 }]);
    },
  );

  it('runs once by the queue’s start, 90 s later, when EventBridge loses the delivery', async () => {
    const { cloud, at, define, rowsOf, scheduler } = play;
    const soon = at(20);
    await define(once('lost', soon));
    const later = at(20 + 90);

    await scheduler.send(new DeleteScheduleCommand({ GroupName: 'Almanac-dev', Name: 'lost' }));
    await cloud.clock.advanceBy(60);
    expect(await rowsOf('lost')).toEqual([]);
    await cloud.clock.advanceBy(600);

    expect(await rowsOf('lost')).toMatchObject([
      { fireTime: soon, outcome: 'success', startedAt: later, attempt: 1 },
    ]);
  });

  it('runs once when EventBridge refuses its copy until it has passed', async () => {
    const { cloud, at, define, rowsOf, api } = play;
    const soon = at(3);
    for (let nth = 1; nth <= 3; nth += 1)
      cloud.faults.add({
        service: 'scheduler',
        operation: 'CreateSchedule',
        nth,
        when: 'before',
        do: 'error',
      });

    await define(once('refused', soon));
    const refused = await api.request('GET', '/v1/schedules/refused');
    await cloud.clock.advanceBy(600);

    expect(refused.json).toMatchObject({ sync: { state: 'failed', error: { attempts: 1 } } });
    expect(await rowsOf('refused')).toMatchObject([{ fireTime: soon, outcome: 'success' }]);
  });

  it('is not lost when PUT moves the trigger away just after it', async () => {
    const { cloud, at, define, rowsOf, api } = play;
    const soon = at(300);
    await define(once('moved', soon));
    await cloud.clock.advanceTo(at(299));
    await play.scheduler.send(
      new DeleteScheduleCommand({ GroupName: 'Almanac-dev', Name: 'moved' }),
    );
    await cloud.clock.advanceBy(2);

    const later = at(3_600);
    const { status } = await api.request('PUT', '/v1/schedules/moved', {
      body: once('moved', later),
    });
    await cloud.settle();
    await cloud.clock.advanceBy(600);

    expect(status).toBe(200);
    expect(await rowsOf('moved')).toMatchObject([{ fireTime: soon, outcome: 'success' }]);
  });

  it('is skipped when the schedule was deleted before it, though its start still comes', async () => {
    const { cloud, at, define, rowsOf, api } = play;
    const soon = at(40);
    await define(once('gone', soon));

    await api.request('DELETE', '/v1/schedules/gone');
    await cloud.settle();
    await cloud.clock.advanceBy(600);

    expect(await rowsOf('gone')).toMatchObject([
      { fireTime: soon, outcome: 'skipped', error: { name: 'ScheduleDeleted' }, attempt: 0 },
    ]);
  });
}
