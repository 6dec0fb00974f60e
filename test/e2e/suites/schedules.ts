import { GetScheduleCommand } from '@aws-sdk/client-scheduler';
import { beforeAll, expect, it } from 'vitest';
import type { CloudPlay } from '#test/support/play-on-cloud.ts';

const EVERY_MINUTE = { kind: 'cron', expression: 'cron(* * * * ? *)', timeZone: 'UTC' };

/** What a schedule goes through, from its definition to its tombstone. Its instants count from the beginning of a cloud. */
export function schedules(shared: () => CloudPlay): void {
  let play: CloudPlay;

  beforeAll(() => {
    play = shared();
  });

  const fireTimesOf = async (id: string) => (await play.rowsOf(id)).map(({ fireTime }) => fireTime);
  const copyOf = (name: string) =>
    play.scheduler.send(new GetScheduleCommand({ GroupName: 'Almanac-dev', Name: name })).then(
      ({ ScheduleExpression }) => ScheduleExpression,
      ({ name: code }: Error) => code,
    );
  const change = async (method: string, id: string, body?: unknown) => {
    const { status } = await play.api.request(method, `/v1/schedules/${id}`, { body });
    await play.cloud.settle();
    return status;
  };

  it('fires at its fire time and not before, and its result is read over HTTP', async () => {
    const { cloud, api, define, rowsOf } = play;
    await define({
      id: 'on-time',
      task: 'sales-report',
      trigger: { ...EVERY_MINUTE, endAt: '2026-03-02T09:01:00Z' },
      input: { rows: 3 },
      resultExpirationTime: '1h',
      metadata: { team: 'sales' },
    });

    await cloud.clock.advanceTo('2026-03-02T08:59:59Z');
    expect(await rowsOf('on-time')).toEqual([]);
    await cloud.clock.advanceTo('2026-03-02T09:00:00Z');
    const job = await api.request('GET', '/v1/jobs/on-time@20260302T090000Z');
    const result = await api.request('GET', '/v1/jobs/on-time@20260302T090000Z/result');

    expect(job.json).toMatchObject({
      scheduleId: 'on-time',
      fireTime: '2026-03-02T09:00:00Z',
      startedAt: '2026-03-02T09:00:00Z',
      state: 'settled',
      outcome: 'success',
      attempt: 1,
      resultState: 'stored',
      metadata: { team: 'sales' },
    });
    expect(result).toMatchObject({ status: 200, json: { rows: [{ id: 'S-000001' }, {}, {}] } });
  });

  it('is changed in part by PATCH, and EventBridge follows', async () => {
    const { api, cloud, define } = play;
    await define({
      id: 'patched',
      task: 'sales-report',
      trigger: EVERY_MINUTE,
      input: { rows: 3 },
    });

    const { status, json } = await api.request('PATCH', '/v1/schedules/patched', {
      body: { trigger: { expression: 'cron(0 6 * * ? *)' }, input: { seed: 2 } },
      headers: { 'content-type': 'application/merge-patch+json' },
    });
    await cloud.settle();

    expect(status).toBe(200);
    expect(json).toMatchObject({ input: { rows: 3, seed: 2 }, trigger: { kind: 'cron' } });
    expect(await copyOf('patched')).toBe('cron(0 6 * * ? *)');
  });

  it('lists its jobs, newest first, and fires no more after its end', async () => {
    const { cloud, api } = play;
    await cloud.clock.advanceTo('2026-03-02T09:05:00Z');

    const { json } = await api.request('GET', '/v1/schedules/on-time/jobs');
    const schedule = await api.request('GET', '/v1/schedules/on-time');

    expect(json).toMatchObject({
      data: [{ fireTime: '2026-03-02T09:01:00Z' }, { fireTime: '2026-03-02T09:00:00Z' }],
      next: null,
    });
    expect(schedule.json).toMatchObject({ nextFireTime: null, sync: { state: 'completed' } });
  });

  it('runs what PUT has made of it at its next firing, under its next revision', async () => {
    const { cloud, api, define } = play;
    const trigger = { ...EVERY_MINUTE, endAt: '2026-03-02T09:07:00Z' };
    const report = { task: 'sales-report', trigger, resultExpirationTime: 3_600 };
    await define({ id: 'changed', ...report, input: { rows: 1 } });

    await cloud.clock.advanceTo('2026-03-02T09:06:10Z');
    expect(await change('PUT', 'changed', { ...report, input: { rows: 2 } })).toBe(200);
    await cloud.clock.advanceTo('2026-03-02T09:10:00Z');
    const results = await Promise.all(
      ['0906', '0907'].map((time) =>
        api.request('GET', `/v1/jobs/changed@20260302T${time}00Z/result`),
      ),
    );

    expect(await fireTimesOf('changed')).toEqual(['2026-03-02T09:06:00Z', '2026-03-02T09:07:00Z']);
    expect(results.map(({ json }) => Object(json).rows.length)).toEqual([1, 2]);
    expect((await play.rowsOf('changed')).map(({ revision }) => revision)).toEqual([1, 2]);
  });

  it('fires no more once it is deleted: its copy in EventBridge goes, then its tombstone by TTL', async () => {
    const { cloud, define, rowsOf } = play;
    await define({
      id: 'deleted',
      task: 'sales-report',
      trigger: EVERY_MINUTE,
      resultExpirationTime: 0,
    });
    expect(await copyOf('deleted')).toBe('cron(* * * * ? *)');

    await cloud.clock.advanceTo('2026-03-02T09:11:30Z');
    expect(await change('DELETE', 'deleted')).toBe(204);
    expect(await copyOf('deleted')).toBe('ResourceNotFoundException');
    expect(await change('GET', 'deleted')).toBe(404);
    const [tombstone] = await rowsOf('deleted', 'schedules');
    await cloud.clock.advanceTo('2026-03-02T09:20:00Z');

    expect(tombstone).toMatchObject({ part: 'state', deletedAt: expect.anything() });
    expect(await fireTimesOf('deleted')).toEqual(['2026-03-02T09:11:00Z']);
    await cloud.clock.advanceBy(26 * 3_600);
    expect(await rowsOf('deleted', 'schedules')).toEqual([]);
  });

  it('goes on counting revisions where a deleted id is created anew', async () => {
    const { define, at } = play;
    const schedule = { id: 'anew', task: 'sales-report', resultExpirationTime: 0 };
    await define({ ...schedule, trigger: { kind: 'once', at: at(3_600) } });
    await change('DELETE', 'anew');

    const created = await define({ ...schedule, trigger: { kind: 'once', at: at(7_200) } });

    expect(created).toMatchObject({ revision: 2 });
    expect(await copyOf('anew')).toMatch(/^at\(/);
    await change('DELETE', 'anew');
  });

  it('by interval fires each time that the interval has passed since its start', async () => {
    const { cloud, at, define } = play;
    const [first, second, third] = [at(120), at(420), at(720)];
    const trigger = { kind: 'interval', every: 'PT5M', startAt: first, endAt: third };
    await define({ id: 'interval', task: 'sales-report', trigger, resultExpirationTime: 0 });

    await cloud.clock.advanceBy(1_800);

    expect(await fireTimesOf('interval')).toEqual([first, second, third]);
  });

  it('of one firing fires once, and EventBridge then drops its copy', async () => {
    const { cloud, at, api, define } = play;
    const soon = at(600);
    await define({
      id: 'single',
      task: 'flaky-import',
      trigger: { kind: 'once', at: soon },
      resultExpirationTime: '7d',
    });
    expect(await copyOf('single')).toBe(`at(${soon.slice(0, -1)})`);

    await cloud.clock.advanceBy(7_200);
    const { json } = await api.request('GET', '/v1/schedules/single');

    expect(await play.rowsOf('single')).toMatchObject([{ fireTime: soon, outcome: 'success' }]);
    expect(await copyOf('single')).toBe('ResourceNotFoundException');
    expect(json).toMatchObject({ sync: { state: 'completed' }, nextFireTime: null });
  });
}
