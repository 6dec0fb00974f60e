import { GetScheduleCommand } from '@aws-sdk/client-scheduler';
import { beforeAll, expect, it } from 'vitest';
import type { CloudPlay, Row } from '#test/support/play-on-cloud.ts';

const REPORT = { task: 'sales-report', input: { rows: 1 }, resultExpirationTime: '1d' };
const EVERY_QUARTER = { kind: 'cron', expression: 'cron(0/15 * * * ? *)', timeZone: 'UTC' };
/** Every 25 minutes fits no UTC cron, so EventBridge is told each fire time. */
const PLANNED = { kind: 'interval', every: '25m' };

/** How a schedule is paused, resumed and caught up on. */
export function pause(shared: () => CloudPlay): void {
  let play: CloudPlay;

  beforeAll(async () => {
    play = shared();
    // Past nine, so that no fire time is near.
    await play.cloud.clock.advanceBy(120);
  });

  const act = async (id: string, action: string, body: Row = {}): Promise<Row> => {
    const path = `/v1/schedules/${id}/${action}`;
    const { status, text, json } = await play.api.request('POST', path, { body });
    expect([status, text]).toEqual([200, expect.any(String)]);
    await play.cloud.settle();
    return Object(json);
  };
  const read = async (id: string): Promise<Row> =>
    Object((await play.api.request('GET', `/v1/schedules/${id}`)).json);
  const copyOf = (id: string) =>
    play.scheduler.send(new GetScheduleCommand({ GroupName: 'Almanac-dev', Name: id }));
  const outcomesOf = async (id: string) =>
    (await play.rowsOf(id)).map(({ fireTime, outcome }) => [fireTime, outcome]);

  it('keeps a native schedule from firing until it is resumed, and says who paused it', async () => {
    const { cloud, define, rowsOf } = play;
    await define({ id: 'native', trigger: EVERY_QUARTER, ...REPORT });

    const paused = await act('native', 'pause', { note: 'moving house' });
    const copy = await copyOf('native');
    await cloud.clock.advanceBy(3_600);
    const whilePaused = await rowsOf('native');
    await act('native', 'resume');
    await cloud.clock.advanceBy(1_200);

    expect(paused).toMatchObject({
      sync: { state: 'pending' },
      paused: { note: 'moving house', by: expect.stringMatching(/^arn:aws:iam::/) },
    });
    expect(copy).toMatchObject({ State: 'DISABLED', ScheduleExpression: 'cron(0/15 * * * ? *)' });
    expect(whilePaused).toEqual([]);
    expect(await outcomesOf('native')).toHaveLength(1);
    expect(await read('native')).toMatchObject({ sync: { state: 'active' } });
    expect((await copyOf('native')).State).toBe('ENABLED');
  });

  it('ends by itself at its time, native and planned alike, without anything that had to come', async () => {
    const { cloud, define, rowsOf, at } = play;
    const until = at(4_000);
    for (const [id, trigger] of [
      ['until-native', EVERY_QUARTER],
      ['until-planned', PLANNED],
    ] as const) {
      await define({ id, trigger, ...REPORT });
      await act(id, 'pause', { until });
    }

    await cloud.clock.advanceBy(3_900);
    const before = [await rowsOf('until-native'), await rowsOf('until-planned')];
    await cloud.clock.advanceBy(3_700);

    expect(before).toEqual([[], []]);
    for (const id of ['until-native', 'until-planned']) {
      const outcomes = await outcomesOf(id);
      expect(outcomes.length).toBeGreaterThan(1);
      for (const [fireTime, outcome] of outcomes) {
        expect(String(fireTime) >= until).toBe(true);
        expect(outcome).toBe('success');
      }
      expect(await read(id)).not.toHaveProperty('paused');
    }
  });

  it('is caught up on as asked, each fire time once', async () => {
    const { cloud, define } = play;
    await define({ id: 'all', trigger: EVERY_QUARTER, ...REPORT });
    await define({ id: 'latest', trigger: EVERY_QUARTER, ...REPORT });
    await define({ id: 'planned-all', trigger: PLANNED, ...REPORT });
    for (const id of ['all', 'latest', 'planned-all']) await act(id, 'pause');
    await cloud.clock.advanceBy(3_000);

    await act('all', 'resume', { catchUp: 'all' });
    await act('latest', 'resume', { catchUp: 'latest' });
    await act('planned-all', 'resume', { catchUp: 'all' });

    expect((await outcomesOf('all')).map(([, outcome]) => outcome)).toEqual([
      'success',
      'success',
      'success',
      'success',
    ]);
    expect(await outcomesOf('latest')).toHaveLength(1);
    expect(await outcomesOf('planned-all')).toHaveLength(1 + 1);
    await cloud.clock.advanceBy(1_500);
    expect(await outcomesOf('planned-all')).toHaveLength(1 + 1 + 1);
  });

  it('skips a firing under way that arrives late, also after it has been resumed', async () => {
    const { cloud, define, at } = play;
    const soon = at(40);
    // So near a fire time has a start in the queue, due 90 s after it.
    await define({ id: 'late', trigger: { kind: 'once', at: soon }, ...REPORT });
    await define({ id: 'late-resumed', trigger: { kind: 'once', at: soon }, ...REPORT });

    await act('late', 'pause');
    await act('late-resumed', 'pause');
    await cloud.clock.advanceBy(60);
    await act('late-resumed', 'resume');
    await cloud.clock.advanceBy(300);

    for (const id of ['late', 'late-resumed'])
      expect(await play.rowsOf(id)).toMatchObject([
        { fireTime: soon, outcome: 'skipped', error: { name: 'SchedulePaused' } },
      ]);
  });

  it('stays through a PUT', async () => {
    const { cloud, define, api } = play;
    await define({ id: 'put', trigger: EVERY_QUARTER, ...REPORT });
    await act('put', 'pause');

    const { status } = await api.request('PUT', '/v1/schedules/put', {
      body: { ...(await read('put')), trigger: { ...PLANNED }, input: { rows: 2 } },
    });
    await cloud.settle();
    await cloud.clock.advanceBy(3_600);

    expect(status).toBe(200);
    expect(await play.rowsOf('put')).toEqual([]);
    expect(await read('put')).toMatchObject({ paused: { by: expect.any(String) } });
  });
}
