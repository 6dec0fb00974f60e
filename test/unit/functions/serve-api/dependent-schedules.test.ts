import { beforeEach, describe, expect, it } from 'vitest';
import { aSchedule } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { ApiWorld, aBody, problemIn } from '#test/support/api-world.ts';

let world: ApiWorld;

beforeEach(() => {
  world = new ApiWorld();
});

const following = (schedule: string, outcome?: unknown) => ({
  kind: 'after',
  schedule,
  ...(outcome !== undefined && { outcome }),
});
const create = (id: string, trigger: unknown, fields: Record<string, unknown> = {}) =>
  world.post({ id, task: 'anything', trigger, ...fields });
const put = (id: string, trigger: unknown) =>
  world.request('PUT', `/v1/schedules/${id}`, { body: { task: 'anything', trigger } });
const CYCLE = { code: 'request.invalid', faults: ['/trigger/schedule trigger.cycle'] };

describe('the API, of a schedule that another starts', () => {
  it('takes one that comes after a schedule which need not be there, and shows it without a next fire time', async () => {
    const { status, json } = await create(
      'invoices',
      following('daily-sales', ['success', 'error']),
    );

    expect(status).toBe(201);
    expect(json).toMatchObject({
      trigger: { kind: 'after', schedule: 'daily-sales', outcome: ['success', 'error'] },
      nextFireTime: null,
      sync: { state: 'pending' },
    });
    expect(world.schedules.states.get('invoices')?.plan).toBeUndefined();
  });

  it('does not show it as completed', async () => {
    const trigger = following('daily-sales');
    world.schedules.put(aSchedule({ scheduleId: 'invoices', trigger }));

    const { json } = await world.request('GET', '/v1/schedules/invoices');

    expect(json).toMatchObject({ sync: { state: 'active' }, nextFireTime: null });
  });

  it('previews it as dependent, without fire times', async () => {
    await create('invoices', following('daily-sales'));

    const preview = {
      description: 'Whenever a job of daily-sales ends in success',
      mode: 'dependent',
      fireTimes: [],
      exhausted: false,
    };
    const own = await world.request('GET', '/v1/schedules/invoices/preview');
    const any = await world.request('POST', '/v1/preview', {
      body: { trigger: following('daily-sales') },
    });
    expect(own.json).toMatchObject(preview);
    expect(any.json).toMatchObject(preview);
  });

  it('keeps one edge for it, through changes of its trigger and all else, until it is deleted', async () => {
    const edges = () => [...world.schedules.edges.values()];
    await create('invoices', following('daily-sales'));
    world.nowSeconds = FIRE_TIME + 100;
    await put('invoices', following('daily-sales'));
    const kept = edges();

    await put('invoices', following('monthly-sales'));
    const moved = edges();
    await put('invoices', { kind: 'interval', every: 'PT15M' });
    const timed = edges();
    await put('invoices', following('daily-sales'));
    await world.request('DELETE', '/v1/schedules/invoices');

    const edge = { dependentId: 'invoices', outcomes: ['success'] };
    expect(kept).toEqual([{ ...edge, upstreamId: 'daily-sales', since: FIRE_TIME }]);
    expect(moved).toEqual([{ ...edge, upstreamId: 'monthly-sales', since: FIRE_TIME + 100 }]);
    expect(timed).toEqual([]);
    expect(edges()).toEqual([]);
  });

  it('refuses the policies that speak of fire times, all together', async () => {
    const policies = { coalesce: 'latest', maxJobs: 3, maxJitter: 60, misfireGraceTime: 60 };

    expect(problemIn(await create('invoices', following('daily-sales'), policies))).toEqual({
      code: 'request.invalid',
      faults: [
        '/coalesce field.invalid',
        '/maxJobs field.invalid',
        '/maxJitter field.invalid',
        '/misfireGraceTime field.invalid',
      ],
    });
  });

  it('leaves such policies out that its task sets for all schedules', async () => {
    const { json } = await world.post(aBody({ trigger: following('other'), catchUpWindow: 900 }));

    expect(json).toMatchObject({ catchUpWindow: 900, retry: { maxAttempts: 2 } });
    expect(json).not.toHaveProperty('misfireGraceTime');
    expect(json).not.toHaveProperty('maxJitter');
  });

  it('tells of a bad trigger with all that is wrong elsewhere', async () => {
    const body = { id: 'no id', task: 'none', trigger: following('no id', 'never'), maxJobs: 0 };

    expect(problemIn(await world.post(body)).faults).toEqual([
      '/id id.invalid',
      '/maxJobs field.invalid',
      '/task task.unknown',
      '/trigger/outcome trigger.invalid',
      '/trigger/schedule trigger.invalid',
    ]);
  });

  it('has no fire time that could be skipped', async () => {
    await create('invoices', following('daily-sales'));

    const skip = await world.request('POST', '/v1/schedules/invoices/skip', {
      body: { fireTime: '2026-11-24T09:00:00Z' },
    });

    expect(problemIn(skip).faults).toEqual(['/fireTime field.invalid']);
  });
});

describe('the API, of schedules in a circle', () => {
  it('refuses one that would start itself', async () => {
    expect(problemIn(await create('a', following('a')))).toEqual(CYCLE);
    expect(world.schedules.states.size).toBe(0);
  });

  it('refuses the one that would close it, and names all of it', async () => {
    await create('a', following('c'));
    await create('b', following('a'));

    const { json } = await create('c', following('b'));

    expect(json).toMatchObject({
      status: 422,
      errors: [
        {
          pointer: '/trigger/schedule',
          code: 'trigger.cycle',
          detail: expect.stringContaining('c → a → b → c'),
        },
      ],
    });
    expect(world.schedules.states.has('c')).toBe(false);
  });

  it('refuses a change that would close it, also as a dry run', async () => {
    await create('a', { kind: 'interval', every: 'PT15M' });
    await create('b', following('a'));

    const dryRun = await world.request('PUT', '/v1/schedules/a?dryRun=true', {
      body: { task: 'anything', trigger: following('b') },
    });

    expect(problemIn(dryRun)).toEqual(CYCLE);
    expect(problemIn(await put('a', following('b')))).toEqual(CYCLE);
    expect(world.schedules.definitions.get('a')?.trigger['kind']).toBe('interval');
  });

  it('takes a tree, however wide, and a chain up to its bound', async () => {
    await create('s0', { kind: 'interval', every: 'PT15M' });
    for (let depth = 1; depth <= 32; depth += 1)
      expect((await create(`s${depth}`, following(`s${depth - 1}`))).status).toBe(201);
    expect((await create('twin', following('s31'))).status).toBe(201);

    expect(problemIn(await create('s33', following('s32')))).toEqual({
      code: 'request.invalid',
      faults: ['/trigger/schedule trigger.too-deep'],
    });
  });

  it('lets one of two requests through that would close it together', async () => {
    await create('a', { kind: 'interval', every: 'PT15M' });
    await create('b', { kind: 'interval', every: 'PT15M' });
    world.schedules.beforeWrite = () => {
      // The other request has read the same, and writes first.
      world.schedules.beforeWrite = () => {};
      const { definition, state } = world.schedules.stored('b') ?? aSchedule();
      world.schedules.put({ definition: { ...definition, trigger: following('a') }, state });
    };

    const late = await put('a', following('b'));

    expect(problemIn(late)).toEqual(CYCLE);
    expect(world.schedules.definitions.get('a')?.trigger['kind']).toBe('interval');
  });

  it('lets one of two new schedules through that would close it together', async () => {
    world.schedules.beforeWrite = () => {
      world.schedules.beforeWrite = () => {};
      world.schedules.put(aSchedule({ scheduleId: 'b', trigger: following('a') }));
    };

    const late = await create('a', following('b'));

    expect(problemIn(late)).toEqual(CYCLE);
    expect(world.schedules.states.has('a')).toBe(false);
  });

  it('goes through where a schedule upstream changes meanwhile to what closes none', async () => {
    await create('b', { kind: 'interval', every: 'PT15M' });
    world.schedules.beforeWrite = () => {
      world.schedules.beforeWrite = () => {};
      const { definition, state } = world.schedules.stored('b') ?? aSchedule();
      world.schedules.put({ definition: { ...definition, trigger: following('c') }, state });
    };

    expect((await create('a', following('b'))).status).toBe(201);
  });

  it('gives up where the schedules upstream do not rest', async () => {
    let writes = 0;
    world.schedules.beforeWrite = () => {
      writes += 1;
      world.schedules.put(aSchedule({ scheduleId: 'b', trigger: following(`c${writes}`) }));
    };

    const { status, json } = await create('a', following('b'));

    expect([status, json]).toMatchObject([412, { code: 'schedule.stale' }]);
    expect(writes).toBe(5);
  });

  it('still refuses a PUT that another change of the same schedule has come before', async () => {
    await create('a', { kind: 'interval', every: 'PT15M' });
    world.schedules.beforeWrite = () => {
      const { definition, state } = world.schedules.stored('a') ?? aSchedule();
      const generation = state.generation + 1;
      world.schedules.put({ definition, state: { ...state, generation } });
    };

    expect((await put('a', following('b'))).json).toMatchObject({ code: 'schedule.stale' });
  });
});
