import { GetScheduleCommand } from '@aws-sdk/client-scheduler';
import { beforeAll, expect, it } from 'vitest';
import type { CloudPlay, Row } from '#test/support/play-on-cloud.ts';

const EVERY_QUARTER = { kind: 'cron', expression: 'cron(0/15 * * * ? *)', timeZone: 'UTC' };
/** Every 25 minutes fits no UTC cron, so EventBridge is told each fire time. */
const PLANNED = { kind: 'interval', every: '25m' };

/** How a schedule pauses itself. */
export function pauseAfterFailures(shared: () => CloudPlay): void {
  let play: CloudPlay;

  beforeAll(async () => {
    play = shared();
    // Past nine, so that no fire time is near.
    await play.cloud.clock.advanceBy(120);
  });

  const defineFailing = (id: string, changes: Row = {}) =>
    play.define({
      id,
      task: 'flaky-import',
      input: { fail: true },
      trigger: EVERY_QUARTER,
      pauseAfterFailures: 2,
      ...changes,
    });
  const read = async (id: string): Promise<Row> =>
    Object((await play.api.request('GET', `/v1/schedules/${id}`)).json);
  const outcomesOf = async (id: string) => (await play.rowsOf(id)).map(({ outcome }) => outcome);

  it.each([
    ['native', EVERY_QUARTER],
    ['planned', PLANNED],
  ])(
    'pauses a %s schedule that fails twice in a row, and no more often is it fired',
    async (id, trigger) => {
      await defineFailing(id, { trigger });

      await play.cloud.clock.advanceBy(2 * 3_600);

      expect(await outcomesOf(id)).toEqual(['error', 'error']);
      expect(await read(id)).toMatchObject({
        sync: { state: 'active' },
        paused: {
          by: 'almanac',
          note: expect.stringMatching(
            /^2 jobs in a row have failed, the last of them .+ \(error\)\.$/,
          ),
        },
        nextFireTime: null,
      });
    },
  );

  it('is resumed like any other, and counts anew', async () => {
    const { cloud, api } = play;

    const resumed = await api.request('POST', '/v1/schedules/native/resume', {});
    await cloud.settle();
    await cloud.clock.advanceBy(20 * 60);
    const afterOne = await read('native');
    await cloud.clock.advanceBy(15 * 60);

    expect(resumed.status).toBe(200);
    expect(afterOne).not.toHaveProperty('paused');
    expect(await read('native')).toMatchObject({ paused: { by: 'almanac' } });
    expect(await outcomesOf('native')).toHaveLength(4);
    const copy = new GetScheduleCommand({ GroupName: 'Almanac-dev', Name: 'native' });
    expect((await play.scheduler.send(copy)).State).toBe('DISABLED');
  });

  it('begins to count anew with a change of the schedule', async () => {
    const { cloud, api } = play;
    await defineFailing('changed');
    await cloud.clock.advanceBy(15 * 60);

    await api.request('PUT', '/v1/schedules/changed', { body: await read('changed') });
    await cloud.settle();
    await cloud.clock.advanceBy(15 * 60);

    expect(await outcomesOf('changed')).toEqual(['error', 'error']);
    expect(await read('changed')).not.toHaveProperty('paused');
  });
}
