import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { metricsResource } from '#shared/contracts/metrics.ts';
import {
  jobWithResult,
  listOf,
  scheduleResource,
  settledJobResource,
} from '#shared/contracts/resources.ts';
import { usageDaysResource, usageResource } from '#shared/contracts/usage.ts';
import { type CloudPlay, playOnCloud } from '#test/support/play-on-cloud.ts';
import { stopSweeps } from '#test/support/stop-sweeps.ts';

describe('finding jobs', () => {
  let play: CloudPlay;

  beforeAll(async () => {
    play = await playOnCloud({ assembly: inject('assembly') });
    const { cloud, define, at } = play;
    const trigger = { kind: 'once', at: at(600) };
    const kept = { trigger, resultExpirationTime: '7d' };
    for (const [at, team] of ['sales', 'it', 'hr'].entries())
      await define({
        id: team,
        task: 'sales-report',
        input: { rows: 20 + at },
        metadata: { team },
        indexes: { rows: 'length(rows)', first: 'rows[0]' },
        metrics: [
          { name: 'rows', path: 'length(rows)' },
          { name: 'first', path: 'rows[0]' },
        ],
        metricsExpirationTime: '20d',
        ...kept,
      });
    await define({ id: 'failing', task: 'flaky-import', input: { fail: true }, ...kept });
    await cloud.clock.advanceBy(900);
  });

  afterAll(async () => {
    await play[Symbol.asyncDispose]();
  });

  const page = listOf(settledJobResource);
  const list = async (query = '') =>
    page.parse((await play.api.request('GET', `/v1/jobs${query}`)).json);
  const schedulesIn = ({ data }: { data: { scheduleId: string }[] }) =>
    data.map(({ scheduleId }) => scheduleId);

  it('lists those of all schedules page by page, by cursors that nobody can make up', async () => {
    const first = await list('?limit=3');
    const second = await list(`?limit=3&cursor=${first.next}`);

    expect([...schedulesIn(first), ...schedulesIn(second)].toSorted()).toEqual([
      'failing',
      'hr',
      'it',
      'sales',
    ]);
    expect(second.next).toBeNull();
    const forged = `${first.next?.startsWith('A') ? 'B' : 'A'}${first.next?.slice(1)}`;
    const refused = await play.api.request('GET', `/v1/jobs?limit=3&cursor=${forged}`);
    expect(refused.json).toMatchObject({ status: 400, code: 'cursor.invalid' });
    // The key lies where no schedule is listed, and what follows schedules has not stumbled over it.
    expect(await play.rowsOf('#keys', 'schedules')).toHaveLength(1);
    const schedules = listOf(scheduleResource).parse(
      (await play.api.request('GET', '/v1/schedules')).json,
    );
    expect(schedules.data).toHaveLength(4);
  });

  it('finds failures by their index, and others by task, tag, outcome and size', async () => {
    const failed = await list('?failed=true&explain=true');

    expect(schedulesIn(failed)).toEqual(['failing']);
    expect(failed.explain).toEqual({ requests: 16, itemsRead: 1, readUnits: 8 });
    expect(schedulesIn(await list('?task=flaky-import'))).toEqual(['failing']);
    expect(schedulesIn(await list('?tag=team:it'))).toEqual(['it']);
    expect(schedulesIn(await list('?outcome=success&minResultBytes=1000'))).toHaveLength(3);
    expect(schedulesIn(await list('?day=2026-03-01'))).toEqual([]);
  });

  it('finds by what results hold, at the paths that a schedule has declared', async () => {
    const found = await list('?where=rows>20,rows<22');

    expect(found.data).toMatchObject([{ scheduleId: 'it', indexes: { rows: 21, first: null } }]);
    const ofOne = await play.api.request('GET', '/v1/schedules/hr/jobs?where=rows%3D22');
    expect(ofOne.json).toMatchObject({ data: [{ indexes: { rows: 22, first: null } }] });
    const body = { task: 'sales-report', indexes: { rows: 'length(', 'not a name': 'x' } };
    const refused = await play.api.request('POST', '/v1/schedules', { body });
    expect(refused.json).toMatchObject({
      errors: expect.arrayContaining([
        expect.objectContaining({ pointer: '/indexes/not a name', code: 'index.invalid' }),
      ]),
    });
  });

  it('gives the latest of a schedule with its result, and says when nothing has changed', async () => {
    const path = '/v1/schedules/sales/latest?outcome=success';
    const latest = await play.api.request('GET', path);

    expect(jobWithResult.parse(latest.json)).toMatchObject({
      scheduleId: 'sales',
      result: { rows: expect.any(Array) },
    });
    const headers = { 'if-none-match': latest.headers.get('etag') ?? '' };
    const again = await play.api.request('GET', path, { headers });
    expect([again.status, again.text]).toEqual([304, '']);
    const failing = await play.api.request('GET', '/v1/schedules/failing/latest?outcome=success');
    expect(failing.json).toMatchObject({ code: 'job.not-found' });
  });

  it('sums up what each schedule has come to, and forecasts what it will', async () => {
    const { api } = play;
    const usages = listOf(usageResource).parse((await api.request('GET', '/v1/usage')).json);

    expect(usages.data.map(({ scheduleId, jobs }) => [scheduleId, jobs['success']])).toEqual([
      ['failing', 0],
      ['hr', 1],
      ['it', 1],
      ['sales', 1],
    ]);
    const sales = usageDaysResource.parse((await api.request('GET', '/v1/usage/sales')).json);
    expect(sales.days).toMatchObject([{ day: '2026-03-02', written: { inline: { count: 1 } } }]);
    expect(sales.forecast).toMatchObject({ resultBytesFrom: 'schedule', fullAfterDays: 7 });
    const body = {
      task: 'sales-report',
      trigger: { kind: 'interval', every: '1h' },
      resultExpirationTime: '7d',
    };
    const dry = await api.request('POST', '/v1/schedules?dryRun=true', { body });
    expect(scheduleResource.parse(dry.json).forecast?.dollarsPerMonth?.total).toBeGreaterThan(0);
  });

  it('shows what metrics came to by hour and day, when the results have gone, and for as long as it is kept', async () => {
    const { api, cloud } = play;
    const metrics = async (query: string) => {
      const { json } = await api.request('GET', `/v1/schedules/it/metrics${query}`);
      return metricsResource.parse(json).metrics;
    };
    const point = { count: 1, min: 21, max: 21, mean: 21, p50: 21, p95: 21 };
    const before = await metrics('?step=6h');

    await api.request('POST', '/v1/schedules/it/run');
    await stopSweeps(play);
    await cloud.clock.advanceBy(10 * 86_400);

    expect(before).toEqual([
      { name: 'rows', points: [{ from: '2026-03-02T06:00:00Z', ...point }] },
      { name: 'first', points: [] },
    ]);
    expect(await play.rowsOf('it')).toEqual([]);
    expect(await metrics('?name=rows&step=1d')).toEqual([
      { name: 'rows', points: [{ from: '2026-03-02T00:00:00Z', ...point, count: 2 }] },
    ]);
    await cloud.clock.advanceBy(11 * 86_400);
    expect(await metrics('?name=rows&step=1d')).toEqual([{ name: 'rows', points: [] }]);
    expect((await play.rowsOf('it', 'usage')).map(({ part }) => part)).toEqual([
      'day#2026-03-02',
      'day#2026-03-09',
      'total',
    ]);
  });

  it('is allowed all that it reads', () => {
    expect(play.refused).toEqual([]);
  });
});
