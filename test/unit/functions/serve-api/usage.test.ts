import { beforeEach, describe, expect, it } from 'vitest';
import { listOf, scheduleResource } from '#shared/contracts/resources.ts';
import { usageDaysResource, usageResource } from '#shared/contracts/usage.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { ApiWorld, aBody, problemIn } from '#test/support/api-world.ts';
import { aUsage } from '#test/support/memory-usage-reader.ts';

let world: ApiWorld;

beforeEach(() => {
  world = new ApiWorld();
});

const get = (path: string) => world.request('GET', `/v1/usage${path}`);
const usageOf = async (path: string) => usageDaysResource.parse((await get(path)).json);

describe('GET /v1/usage', () => {
  const page = listOf(usageResource);

  it('lists the sums of all that ever ran, by id, page by page', async () => {
    const lastJob = {
      jobId: 'b@20261123T090000Z',
      outcome: 'success' as const,
      finishedAt: '2026-11-23T09:00:02Z',
    };
    const removed = { inline: { count: 1, bytes: 100 }, s3: { count: 0, bytes: 0 } };
    world.usage.totalsById.set('b', aUsage(3, 100, { removed, lastJob }));
    world.usage.totalsById.set('task:anything', aUsage(1, 0));
    world.usage.totalsById.set('a', aUsage(1, 0));

    const first = page.parse((await get('?limit=2')).json);
    const second = page.parse((await get(`?limit=2&cursor=${first.next}`)).json);

    expect([...first.data, ...second.data].map(({ scheduleId }) => scheduleId)).toEqual([
      'a',
      'b',
      'task:anything',
    ]);
    expect(first.data[1]).toEqual({
      scheduleId: 'b',
      jobs: expect.objectContaining({ success: 3, error: 0 }),
      stored: { inline: { count: 2, bytes: 200 }, s3: { count: 0, bytes: 0 } },
      writeUnits: 9,
      lastJob,
    });
    expect(second.next).toBeNull();
  });

  it('says what a page cost', async () => {
    expect(page.parse((await get('?explain=true')).json).explain).toEqual({
      requests: 0,
      itemsRead: 0,
      readUnits: 0,
    });
  });

  it('refuses a cursor of another list', async () => {
    await world.post(aBody({ id: 'a' }));
    await world.post(aBody({ id: 'b' }));
    const schedules = listOf(scheduleResource).parse(
      (await world.request('GET', '/v1/schedules?limit=1')).json,
    );

    expect(problemIn(await get(`?cursor=${schedules.next}`)).code).toBe('cursor.invalid');
  });
});

describe('GET /v1/usage/{scheduleId}', () => {
  it('shows the days, what one comes to, and what will come of it', async () => {
    await world.post(aBody({ resultExpirationTime: '7d' }));
    world.usage.totalsById.set('daily-sales', aUsage(20, 1_000));
    world.usage.daysByName.set('daily-sales 2026-11-21', aUsage(4, 1_000));
    world.usage.daysByName.set('daily-sales 2026-11-22', aUsage(6, 1_000));

    const usage = await usageOf('/daily-sales?explain=true');

    expect(usage.days.map(({ day, jobs }) => [day, jobs['success']])).toEqual([
      ['2026-11-21', 4],
      ['2026-11-22', 6],
    ]);
    expect(usage.perDay).toEqual({
      days: 2,
      jobs: 5,
      writtenBytes: 5_000,
      grownBytes: 5_000,
      writeUnits: 15,
    });
    expect(usage.forecast).toMatchObject({
      resultBytesFrom: 'schedule',
      jobsPerDay: 5,
      growthBytesPerDay: 8_500,
      fullAfterDays: 7,
      atFull: { jobs: 35, tableBytes: 59_500, objectBytes: 0 },
      dollarsPerMonth: { total: expect.any(Number) },
    });
    expect(usage.explain).toEqual({ requests: 2, itemsRead: 4, readUnits: 1.5 });
  });

  it('shows 30 days up to today, or those that are asked for', async () => {
    world.usage.totalsById.set('daily-sales', aUsage(1, 0));
    for (const day of ['2026-10-24', '2026-10-25', '2026-11-23', '2026-11-24'])
      world.usage.daysByName.set(`daily-sales ${day}`, aUsage(1, 0));
    const daysOf = async (query: string) =>
      (await usageOf(`/daily-sales${query}`)).days.map(({ day }) => day);

    expect(await daysOf('')).toEqual(['2026-10-25', '2026-11-23']);
    expect(await daysOf('?from=2026-10-01&to=2026-10-24')).toEqual(['2026-10-24']);
  });

  it('shows a schedule that has not run, and one that was deleted', async () => {
    await world.post(aBody());
    const fresh = await usageOf('/daily-sales');
    world.usage.totalsById.set('daily-sales', aUsage(3, 0));
    await world.request('DELETE', '/v1/schedules/daily-sales');
    const deleted = await usageOf('/daily-sales');

    expect(fresh).toMatchObject({ jobs: { success: 0 }, days: [], forecast: { jobsPerDay: 1 } });
    expect(deleted.jobs['success']).toBe(3);
    expect(deleted).not.toHaveProperty('forecast');
  });

  it('shows what was submitted to a task without a schedule', async () => {
    world.usage.totalsById.set('task:anything', aUsage(2, 10));

    expect((await usageOf('/task:anything')).stored.inline).toEqual({ count: 2, bytes: 20 });
  });

  it.each([['/nothing'], ['/task:nothing'], ['/no%20id'], [`/${'x'.repeat(70)}`]])(
    'finds none at %s',
    async (path) => {
      const answer = await get(path);

      expect(answer.status).toBe(404);
      expect(problemIn(answer).code).toBe('schedule.not-found');
    },
  );

  it.each([
    ['?from=yesterday', ['/from field.invalid']],
    ['?to=2026-11-31', ['/to field.invalid']],
    ['?from=2026-11-23&to=2026-11-22', ['/to field.invalid']],
    ['?from=2025-01-01&to=2026-11-22', ['/to field.invalid']],
    ['?explain=1', ['/explain field.invalid']],
  ])('refuses %s', async (query, faults) => {
    expect(problemIn(await get(`/daily-sales${query}`))).toEqual({
      code: 'request.invalid',
      faults,
    });
  });

  it('refuses days since one that is too long ago, or yet to come', async () => {
    for (const query of ['?from=2025-01-01', '?from=2026-11-24'])
      expect(problemIn(await get(`/daily-sales${query}`)).faults).toEqual(['/from field.invalid']);
  });
});

describe('a dry run', () => {
  const forecastOf = async (method: 'POST' | 'PUT', body: Record<string, unknown>) => {
    const path = method === 'POST' ? '/v1/schedules' : '/v1/schedules/daily-sales';
    const answer = await world.request(method, `${path}?dryRun=true`, { body });
    return scheduleResource.parse(answer.json).forecast;
  };
  const hourly = { trigger: { kind: 'interval', every: '1h' }, resultExpirationTime: '10d' };

  it('forecasts a new schedule by its trigger, with a result of 1 KB', async () => {
    expect(await forecastOf('POST', aBody(hourly))).toMatchObject({
      resultBytesFrom: 'assumed',
      jobsPerDay: expect.closeTo(24, 1),
      fullAfterDays: 10,
      atFull: { jobs: 240 },
    });
  });

  it('takes the size of a result from what was submitted to its task', async () => {
    world.usage.totalsById.set('task:sales-report', aUsage(2, 5_000));

    expect(await forecastOf('POST', aBody(hourly))).toMatchObject({
      resultBytesFrom: 'task',
      growthBytesPerDay: expect.closeTo(24 * 5_700, -3),
    });
  });

  it('takes it from the schedule itself where that has run, whatever its trigger was', async () => {
    await world.post(aBody());
    world.usage.totalsById.set('daily-sales', aUsage(2, 3_000));
    world.usage.totalsById.set('task:sales-report', aUsage(2, 5_000));

    expect(await forecastOf('PUT', aBody(hourly))).toMatchObject({
      resultBytesFrom: 'schedule',
      growthBytesPerDay: expect.closeTo(24 * 3_700, -3),
    });
  });

  it('knows that a schedule which keeps no results keeps its records for a day', async () => {
    const forecast = await forecastOf('POST', aBody({ ...hourly, resultExpirationTime: 0 }));

    expect(forecast).toMatchObject({ fullAfterDays: 1, atFull: { jobs: 24, tableBytes: 16_800 } });
  });

  it('ends with maxJobs', async () => {
    const forecast = await forecastOf('POST', aBody({ ...hourly, maxJobs: 365 }));

    expect(forecast?.jobsPerDay).toBeCloseTo(1, 3);
  });

  it('forecasts nothing where jobs begin after those of another schedule, until some have', async () => {
    await world.post(aBody({ id: 'other' }));
    const after = aBody({ trigger: { kind: 'after', schedule: 'other' } });

    expect(await forecastOf('POST', after)).toBeUndefined();
    await world.post(after);
    world.usage.totalsById.set('daily-sales', aUsage(4, 10));
    world.usage.daysByName.set('daily-sales 2026-11-22', aUsage(4, 10));
    expect((await usageOf('/daily-sales')).forecast?.jobsPerDay).toBe(4);
  });

  it('is told to nobody who writes', async () => {
    const answer = await world.post(aBody(hourly));

    expect(answer.status).toBe(201);
    expect(answer.json).not.toHaveProperty('forecast');
    expect(world.nowSeconds).toBe(FIRE_TIME);
  });
});
