import { beforeEach, describe, expect, it } from 'vitest';
import { metricsResource } from '#shared/contracts/metrics.ts';
import { addValue, type MetricSum } from '#shared/domain/rollup/metric-sum.ts';
import { type Grain, rollupPart } from '#shared/domain/rollup/rollup-part.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { ApiWorld, aBody, problemIn } from '#test/support/api-world.ts';
import { aUsage } from '#test/support/memory-usage-reader.ts';

let world: ApiWorld;

beforeEach(() => {
  world = new ApiWorld();
});

const HOUR = 3_600;
const METRICS = [
  { name: 'latencyMs', path: 'timing.total' },
  { name: 'rows', path: 'length(rows)' },
];

const get = (query = '', id = 'daily-sales') =>
  world.request('GET', `/v1/schedules/${id}/metrics${query}`);
const metricsOf = async (query = '') => metricsResource.parse((await get(query)).json);
const declare = (metrics: unknown = METRICS) => world.post(aBody({ metrics }));

function sumOf(values: readonly number[]): MetricSum {
  const [first = 0, ...rest] = values;
  return rest.reduce(addValue, addValue(undefined, first));
}

/** Has a schedule's jobs counted in an hour or a day that begins so many of them from now. */
function count(
  values: Readonly<Record<string, readonly number[]>>,
  { at = 0, grain = 'hour' as Grain, expiresAt = FIRE_TIME + 1 } = {},
): void {
  const from = FIRE_TIME + at * (grain === 'hour' ? HOUR : 24 * HOUR);
  const sums = Object.entries(values).map(([name, list]): [string, MetricSum] => [
    name,
    sumOf(list),
  ]);
  const rollup = { metrics: new Map(sums), settledUpTo: '1', expiresAt };
  world.rollups.byName.set(`daily-sales ${rollupPart(grain, from)}`, rollup);
}

describe('GET /v1/schedules/{id}/metrics', () => {
  it('shows what each metric came to in each hour, oldest first', async () => {
    await declare();
    count({ latencyMs: [300], rows: [20] });
    count({ latencyMs: [100, 200, 100, 1_000] }, { at: -1 });

    const metrics = await metricsOf();

    expect(metrics).toEqual({
      scheduleId: 'daily-sales',
      step: '1h',
      from: '2026-11-16T10:00:00Z',
      to: '2026-11-23T09:00:00Z',
      metrics: [
        {
          name: 'latencyMs',
          points: [
            {
              from: '2026-11-23T08:00:00Z',
              count: 4,
              min: 100,
              max: 1_000,
              mean: 350,
              p50: expect.closeTo(100, 0),
              p95: expect.closeTo(200, -1),
            },
            {
              from: '2026-11-23T09:00:00Z',
              count: 1,
              min: 300,
              max: 300,
              mean: 300,
              p50: 300,
              p95: 300,
            },
          ],
        },
        {
          name: 'rows',
          points: [expect.objectContaining({ from: '2026-11-23T09:00:00Z', mean: 20 })],
        },
      ],
    });
  });

  it('merges the hours of a longer step, over as many pages as it takes', async () => {
    await declare();
    for (let at = -9; at <= 0; at += 1) count({ rows: [at, 10] }, { at });

    const { metrics } = await metricsOf('?name=rows&step=6h');

    expect(metrics).toMatchObject([
      {
        name: 'rows',
        points: [
          { from: '2026-11-23T00:00:00Z', count: 12, min: -9, max: 10, mean: 1.75, p95: 10 },
          { from: '2026-11-23T06:00:00Z', count: 8, min: -3, max: 10 },
        ],
      },
    ]);
  });

  it('shows days by rollups of their own', async () => {
    await declare();
    count({ rows: [1] }, { grain: 'hour' });
    count({ rows: [1, 2] }, { grain: 'day', at: -3 });

    const { from, to, metrics } = await metricsOf('?step=1d&name=rows');

    expect([from, to]).toEqual(['2026-10-25T00:00:00Z', '2026-11-23T00:00:00Z']);
    expect(metrics[0]?.points).toMatchObject([{ from: '2026-11-20T00:00:00Z', count: 2 }]);
  });

  it('reads the steps that lie between two instants or days, the first of them whole', async () => {
    await declare();
    for (const at of [-33, -9, -3, -2, -1]) count({ rows: [at] }, { at });

    const fromsOf = async (query: string) =>
      (await metricsOf(query)).metrics[1]?.points.map(({ from }) => from.slice(8, 13));

    expect(await fromsOf('?from=2026-11-23&to=2026-11-23T07:30:00Z')).toEqual([
      '23T00',
      '23T06',
      '23T07',
    ]);
    expect(await fromsOf('?from=2026-11-23T07:59:59Z&step=2h')).toEqual(['23T06', '23T08']);
    expect(await fromsOf('?from=2026-11-22&to=2026-11-22')).toEqual(['22T00']);
  });

  it('hides what has expired, though it is still there', async () => {
    await declare();
    count({ rows: [1] }, { expiresAt: FIRE_TIME });

    expect((await metricsOf('?name=rows')).metrics).toEqual([{ name: 'rows', points: [] }]);
  });

  it('says what reading cost', async () => {
    await declare();
    for (const at of [-2, -1, 0]) count({ rows: [at] }, { at });

    expect((await metricsOf('?explain=true')).explain).toEqual({
      requests: 2,
      itemsRead: 3,
      readUnits: 1,
    });
  });

  it('shows a metric that is declared no longer for as long as it is kept', async () => {
    await declare([]);
    count({ toString: [1] });

    expect((await metricsOf('?name=toString')).metrics[0]?.points).toHaveLength(1);
  });

  it('shows those of a deleted schedule', async () => {
    await declare();
    count({ rows: [1] });
    await world.request('DELETE', '/v1/schedules/daily-sales');

    expect((await metricsOf()).metrics.map(({ name }) => name)).toEqual(['rows']);
    expect(problemIn(await get('?name=latencyMs')).code).toBe('metric.not-found');
  });

  it('has none of a schedule that ran before, and was deleted, in a range without any', async () => {
    world.usage.totalsById.set('daily-sales', aUsage(1, 0));

    const { metrics, explain } = await metricsOf('?explain=true');

    expect(metrics).toEqual([]);
    expect(explain?.requests).toBe(2);
  });

  it.each([
    ['daily-sales', '?name=latency', 'metric.not-found'],
    ['never-was', '', 'schedule.not-found'],
    ['task:anything', '', 'schedule.not-found'],
  ])('does not find those of %s%s', async (id, query, code) => {
    await declare();

    expect(await get(query, id)).toMatchObject({ status: 404, json: { code } });
  });

  it.each([
    ['?step=5h', '/step'],
    ['?step=', '/step'],
    ['?name=a%20b', '/name'],
    ['?from=yesterday', '/from'],
    ['?to=2026-02-30', '/to'],
    ['?explain=yes', '/explain'],
    ['?from=2026-11-23&to=2026-11-22', '/from'],
    ['?from=2027-01-01&to=2027-02-01', '/from'],
    ['?from=9999-12-31T23:59:59-23:59', '/from'],
    ['?from=2026-10-12T17:00:00Z', '/from'],
    ['?step=12h&from=2026-01-01', '/from'],
    ['?step=1d&from=0001-01-01', '/from'],
  ])('refuses %s', async (query, pointer) => {
    await declare();

    expect(problemIn(await get(query))).toEqual({
      code: 'request.invalid',
      faults: [`${pointer} field.invalid`],
    });
  });

  it.each(['?from=2026-10-12T18:00:00Z', '?step=1d&from=2024-02-29&to=2026-11-23'])(
    'takes a thousand hours or days, as %s',
    async (query) => {
      await declare();

      expect((await get(query)).status).toBe(200);
    },
  );

  it('goes back to the first year there is', async () => {
    await declare();

    expect((await get('?to=0000-01-01')).status).toBe(200);
  });
});

describe('metrics of a schedule', () => {
  it('are shown as they were declared, with how long they are kept', async () => {
    const answer = await world.post(aBody({ metrics: METRICS, metricsExpirationTime: '90d' }));

    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({ metrics: METRICS, metricsExpirationTime: 7_776_000 });
  });

  it.each([
    [[{ name: 'a', path: 'rows[' }], '/metrics/0/path metric.invalid'],
    [[METRICS[0], { name: 'a', path: 'total(rows)' }], '/metrics/1/path metric.invalid'],
    [[{ name: 'a', path: '' }], '/metrics/0/path metric.invalid'],
    [[{ name: 'a b', path: 'a' }], '/metrics/0/name metric.invalid'],
    [[{ name: 'a'.repeat(25), path: 'a' }], '/metrics/0/name metric.invalid'],
    [[{ name: 'a', path: 'a', unit: 'ms' }], '/metrics/0/unit field.unknown'],
    [[{ name: 'a' }], '/metrics/0/path metric.invalid'],
    [[...METRICS, METRICS[0]], '/metrics metric.invalid'],
    [
      ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ name, path: name })),
      '/metrics metric.invalid',
    ],
    [{ latencyMs: 'timing.total' }, '/metrics metric.invalid'],
  ])('are refused as %j', async (metrics, fault) => {
    expect(problemIn(await declare(metrics))).toEqual({
      code: 'request.invalid',
      faults: [fault],
    });
  });

  it.each([0, 86_399, '11y', '3661d', Number.NaN])('are not kept for %s', async (time) => {
    const answer = await world.post(aBody({ metrics: METRICS, metricsExpirationTime: time }));

    expect(problemIn(answer).faults).toEqual(['/metricsExpirationTime retention.invalid']);
  });

  it('are not those of a job without a schedule', async () => {
    const body = { task: 'anything', metrics: METRICS };

    expect(problemIn(await world.request('POST', '/v1/jobs', { body })).faults).toEqual([
      '/metrics field.unknown',
    ]);
  });

  it('can be tried on a sample', async () => {
    const body = { metrics: METRICS, sample: { timing: { total: 12.5 }, rows: 3 } };

    const { json } = await world.request('POST', '/v1/retention/simulate', { body });

    expect(json).toMatchObject({
      metrics: { latencyMs: 12.5 },
      warnings: [{ pointer: '/metrics/1/path', code: 'metric.unmatched' }],
    });
    const broken = { metrics: [{ name: 'a', path: '[' }], sample: 1 };
    const refused = await world.request('POST', '/v1/retention/simulate', { body: broken });
    expect(problemIn(refused).faults).toEqual(['/metrics/0/path metric.invalid']);
  });
});
