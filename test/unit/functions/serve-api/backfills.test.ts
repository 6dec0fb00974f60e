import { beforeEach, describe, expect, it } from 'vitest';
import { backfillForecast, backfillResource } from '#shared/contracts/backfills.ts';
import { listOf } from '#shared/contracts/resources.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { jobKeyOf } from '#shared/domain/job/job-key.ts';
import { aJob, aRunningJob } from '#test/support/a-job.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { ApiWorld, aBody, problemIn, SIGNER } from '#test/support/api-world.ts';

const HOUR = 3_600;
const DAY = 86_400;
const HOURLY = { kind: 'interval', every: 'PT1H', startAt: '2026-01-01T00:00:00Z' };
/** The 24 hours before {@link FIRE_TIME}. */
const A_DAY = { from: '2026-11-22T10:00:00Z', to: '2026-11-23T09:00:00Z' };

let world: ApiWorld;

beforeEach(async () => {
  world = new ApiWorld();
  // Older than any of its fire times that are asked for.
  world.nowSeconds = FIRE_TIME - 30 * DAY;
  await create();
  world.nowSeconds = FIRE_TIME;
});

const create = async (changes: Record<string, unknown> = {}) => {
  const body = aBody({ trigger: HOURLY, resultExpirationTime: '7d', ...changes });
  expect((await world.post(body)).status).toBe(201);
};
const ask = (body: unknown, query = '') =>
  world.request('POST', `/v1/schedules/daily-sales/backfill${query}`, { body });
const at = (hoursBefore: number) => jobKeyOf('daily-sales', FIRE_TIME - hoursBefore * HOUR);

describe('POST /v1/schedules/{id}/backfill', () => {
  it('answers 202 with a backfill that runs, where it is, and sends the message that begins it', async () => {
    const { status, json, headers } = await ask({ ...A_DAY, note: 'after the outage' });

    expect(status).toBe(202);
    const backfill = backfillResource.parse(json);
    expect(backfill).toEqual({
      id: expect.stringMatching(/^[0-9A-Z]{26}$/),
      scheduleId: 'daily-sales',
      state: 'running',
      ...A_DAY,
      force: false,
      by: SIGNER,
      note: 'after the outage',
      counts: { due: 24, started: 0, settled: 0, running: 0, unknown: 0 },
      underWay: 0,
      nextFireTime: A_DAY.from,
      createdAt: toIso(FIRE_TIME),
    });
    const path = `/v1/schedules/daily-sales/backfills/${backfill.id}`;
    expect(headers.get('location')).toBe(path);
    expect((await world.request('GET', path)).json).toEqual(json);
    expect(world.sent).toMatchObject([
      { kind: 'backfill', scheduleId: 'daily-sales', errandId: backfill.id, version: 1 },
    ]);
  });

  it('sends the message before it writes, so that no backfill is there that nobody works on', async () => {
    world.backfills.beforeWrite = () => {
      throw new Error('Killed.');
    };

    expect((await ask(A_DAY)).status).toBe(500);

    expect(world.sent).toHaveLength(1);
    expect(world.backfills.errands.size).toBe(0);
  });

  it('counts in a dry run what it would find, and writes nothing', async () => {
    world.addJob(aJob({ key: at(1) }));
    world.addJob(aJob({ key: at(2), outcome: 'missed' }));
    world.addJob(aRunningJob({ key: at(0) }));

    const { status, json } = await ask(A_DAY, '?dryRun=true');

    expect(status).toBe(200);
    expect(backfillForecast.parse(json)).toEqual({
      due: 24,
      settled: 2,
      running: 1,
      unknown: 0,
      toStart: 21,
      isLowerBound: false,
    });
    expect([world.sent, world.backfills.errands.size]).toEqual([[], 0]);
  });

  it('does not know of fire times whose records have expired by now, and starts them by force', async () => {
    const tenDays = { from: toIso(FIRE_TIME - 10 * DAY), to: A_DAY.to };

    const { json } = await ask(tenDays, '?dryRun=true');
    const forced = await ask({ ...tenDays, force: true }, '?dryRun=true');

    expect(json).toMatchObject({ due: 241, unknown: 73, toStart: 168 });
    expect(forced.json).toMatchObject({ due: 241, unknown: 0, toStart: 241 });
  });

  it('says so where there are too many jobs to look at', async () => {
    world.lastLookedAt = FIRE_TIME - 12 * HOUR;

    const { json } = await ask(A_DAY, '?dryRun=true');

    expect(json).toMatchObject({ due: 24, toStart: 12, isLowerBound: true });
  });

  it('takes a paused schedule, and one whose only time has passed', async () => {
    const trigger = { kind: 'once', at: '2026-11-23T08:30:00Z', timeZone: 'UTC' };
    world.nowSeconds = FIRE_TIME - HOUR;
    await create({ id: 'once', trigger });
    world.nowSeconds = FIRE_TIME;
    await world.request('POST', '/v1/schedules/daily-sales/pause');

    expect((await ask(A_DAY)).status).toBe(202);
    const once = await world.request('POST', '/v1/schedules/once/backfill', { body: A_DAY });
    expect(once.json).toMatchObject({ counts: { due: 1 }, nextFireTime: '2026-11-23T08:30:00Z' });
  });

  it('takes a single fire time, both ends being included', async () => {
    const only = { from: A_DAY.to, to: A_DAY.to };

    expect((await ask(only)).json).toMatchObject({ counts: { due: 1 } });
  });

  it.each([
    ['no span', {}, ['/from field.invalid', '/to field.invalid']],
    ['no instants', { from: 'yesterday', to: 7 }, ['/from field.invalid', '/to field.invalid']],
    ['a span that is turned round', { from: A_DAY.to, to: A_DAY.from }, ['/from field.invalid']],
    ['what is yet to come', { ...A_DAY, to: toIso(FIRE_TIME + 1) }, ['/to field.invalid']],
    [
      'a span without fire times',
      { from: '2026-11-23T08:00:01Z', to: '2026-11-23T08:59:59Z' },
      ['/from field.invalid'],
    ],
    [
      'a span before the trigger begins',
      { from: '2025-01-01T00:00:00Z', to: '2025-06-01T00:00:00Z' },
      ['/from field.invalid'],
    ],
    ['an overlap that is none', { ...A_DAY, overlap: 'none' }, ['/overlap field.invalid']],
    ['force that is no yes or no', { ...A_DAY, force: 'yes' }, ['/force field.invalid']],
    ['a field that there is not', { ...A_DAY, rate: 5 }, ['/rate field.unknown']],
  ])('refuses %s', async (_, body, faults) => {
    const answer = await ask(body);

    expect(answer.status).toBe(422);
    expect(problemIn(answer)).toEqual({ code: 'request.invalid', faults });
    expect([world.sent, world.backfills.errands.size]).toEqual([[], 0]);
  });

  it('refuses more than 10,000 fire times', async () => {
    await create({ id: 'often', trigger: { ...HOURLY, every: 'PT1M' } });
    const span = (minutes: number) => ({ from: toIso(FIRE_TIME - minutes * 60), to: A_DAY.to });
    const askOften = (minutes: number) =>
      world.request('POST', '/v1/schedules/often/backfill?dryRun=true', { body: span(minutes) });

    expect((await askOften(9_999)).json).toMatchObject({ due: 10_000 });
    expect(problemIn(await askOften(10_000)).faults).toEqual(['/from field.invalid']);
  });

  it('refuses an overlap where the task is adopted, as no runner would heed it', async () => {
    await create({ id: 'adopted', task: 'legacy-report' });

    const answer = await world.request('POST', '/v1/schedules/adopted/backfill', {
      body: { ...A_DAY, overlap: 'skip' },
    });

    expect(problemIn(answer).faults).toEqual(['/overlap field.invalid']);
  });

  it('refuses a schedule that fires after another, and has no fire times of its own', async () => {
    await create({ id: 'after', trigger: { kind: 'after', schedule: 'daily-sales' } });

    const answer = await world.request('POST', '/v1/schedules/after/backfill', { body: A_DAY });

    expect(problemIn(answer).faults).toEqual(['/from field.invalid']);
  });

  it('finds no schedule that is not there', async () => {
    const answer = await world.request('POST', '/v1/schedules/none/backfill', { body: A_DAY });

    expect(problemIn(answer).code).toBe('schedule.not-found');
  });
});

describe('a backfill', () => {
  const begin = async () => backfillResource.parse((await ask(A_DAY)).json).id;
  const cancel = (id: string) =>
    world.request('POST', `/v1/schedules/daily-sales/backfills/${id}/cancel`);
  const replace = (changes: object) => {
    for (const backfill of world.backfills.errands.values())
      world.backfills.put({ ...backfill, version: backfill.version + 1, ...changes });
  };

  it('is cancelled, and stays so', async () => {
    const id = await begin();
    world.nowSeconds += 60;

    const { status, json } = await cancel(id);

    expect(status).toBe(200);
    expect(json).toMatchObject({ state: 'cancelled', endedAt: toIso(FIRE_TIME + 60) });
    world.nowSeconds += 60;
    expect((await cancel(id)).json).toEqual(json);
  });

  it('is cancelled though it does a step meanwhile', async () => {
    const id = await begin();
    world.backfills.beforeWrite = () => {
      world.backfills.beforeWrite = () => {};
      replace({ counts: { due: 24, started: 5, settled: 0, running: 0, unknown: 0 } });
    };

    expect((await cancel(id)).json).toMatchObject({ state: 'cancelled', counts: { started: 5 } });
  });

  it('that has come to its end cannot be cancelled', async () => {
    const id = await begin();
    replace({ state: 'completed', endedAt: FIRE_TIME, lookFrom: FIRE_TIME + 1 });

    const answer = await cancel(id);
    const { json } = await world.request('GET', `/v1/schedules/daily-sales/backfills/${id}`);

    expect([answer.status, problemIn(answer).code]).toEqual([409, 'backfill.ended']);
    expect(json).toMatchObject({ state: 'completed', nextFireTime: null });
  });

  it.each(['none', '01KAQXVA90000000000000000A', 'x'.repeat(3_000)])(
    'is not found as %s',
    async (id) => {
      const path = `/v1/schedules/daily-sales/backfills/${id}`;

      for (const answer of [await world.request('GET', path), await cancel(id)])
        expect([answer.status, problemIn(answer).code]).toEqual([404, 'backfill.not-found']);
    },
  );

  it('is listed with the others of its schedule, newest first, page by page', async () => {
    const older = await begin();
    world.nowSeconds += 60;
    const newer = await begin();
    const path = '/v1/schedules/daily-sales/backfills';

    const first = listOf(backfillResource).parse(
      (await world.request('GET', `${path}?limit=1`)).json,
    );
    const rest = await world.request('GET', `${path}?limit=1&cursor=${first.next}`);

    expect(first.data.map(({ id }) => id)).toEqual([newer]);
    expect(listOf(backfillResource).parse(rest.json)).toMatchObject({
      data: [{ id: older }],
      next: null,
    });
    expect((await world.request('GET', '/v1/schedules/none/backfills')).status).toBe(404);
    expect((await world.request('GET', `${path}?cursor=x`)).status).toBe(400);
  });

  it('belongs to its schedule', async () => {
    const id = await begin();

    const answer = await world.request('GET', `/v1/schedules/other/backfills/${id}`);

    expect(problemIn(answer).code).toBe('backfill.not-found');
  });
});
