import { beforeEach, describe, expect, it } from 'vitest';
import { listOf, scheduleResource } from '#shared/contracts/resources.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { ApiWorld, aBody, problemIn } from '#test/support/api-world.ts';

let world: ApiWorld;

beforeEach(() => {
  world = new ApiWorld();
});

const put = (id: string, body: unknown, headers: Record<string, string> = {}) =>
  world.request('PUT', `/v1/schedules/${id}`, { body, headers });
const state = (id: string) => world.schedules.states.get(id);
const definition = (id: string) => world.schedules.definitions.get(id);
const iso = (instant: number) => new Date(instant * 1000).toISOString();

describe('POST /v1/schedules', () => {
  it('creates a schedule that EventBridge is to follow', async () => {
    const answer = await world.post(
      aBody({ input: { rows: 5 }, resultExpirationTime: '7d', metadata: { team: 'sales' } }),
    );

    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe('/v1/schedules/daily-sales');
    expect(answer.headers.get('etag')).toBe(`"${FIRE_TIME}-1"`);
    expect(scheduleResource.parse(answer.json)).toEqual({
      id: 'daily-sales',
      task: 'sales-report',
      trigger: { kind: 'cron', expression: 'cron(0 9 * * ? *)', timeZone: 'UTC' },
      input: { rows: 5 },
      resultExpirationTime: 604_800,
      catchUpWindow: 600,
      retry: { maxAttempts: 2, delay: 30, factor: 2, maxDelay: 900 },
      metadata: { team: 'sales' },
      revision: 1,
      sync: { state: 'pending', at: '2026-11-23T09:00:00Z' },
      nextFireTime: '2026-11-24T09:00:00Z',
      createdAt: '2026-11-23T09:00:00Z',
      updatedAt: '2026-11-23T09:00:00Z',
    });
    expect(state('daily-sales')).toMatchObject({
      generation: 1,
      sync: { state: 'pending', generation: 1 },
      changedAt: FIRE_TIME,
    });
  });

  it('stores no results, and waits an hour for late starts, unless told otherwise', async () => {
    const answer = await world.post(aBody({ task: 'anything' }));

    expect(answer.json).toMatchObject({ resultExpirationTime: 0, catchUpWindow: 3_600, input: {} });
  });

  it('makes up an id where none is given', async () => {
    const answer = await world.post(aBody({ id: undefined }));

    const { id } = scheduleResource.parse(answer.json);
    expect(id).toMatch(/^[0-9a-z]{26}$/);
    expect(definition(id)).toBeDefined();
  });

  it('counts an interval from the next full minute, so that EventBridge can hold it', async () => {
    world.nowSeconds = FIRE_TIME + 1;

    const answer = await world.post(aBody({ trigger: { kind: 'interval', every: 'PT15M' } }));

    expect(answer.status).toBe(201);
    expect(definition('daily-sales')?.anchorAt).toBe(FIRE_TIME + 60);
    expect(answer.json).toMatchObject({ nextFireTime: '2026-11-23T09:01:00Z' });
  });

  it('takes the largest expiration time, ten years of 365 days', async () => {
    const answer = await world.post(aBody({ resultExpirationTime: '3650d' }));

    expect(answer.json).toMatchObject({ resultExpirationTime: 315_360_000 });
  });

  it('takes an expiration time by outcome', async () => {
    const times = { success: 0, error: 'P90D', default: 60 };

    const answer = await world.post(aBody({ resultExpirationTime: times }));

    expect(answer.json).toMatchObject({
      resultExpirationTime: { success: 0, error: 7_776_000, default: 60 },
    });
  });

  it('refuses an id that exists, and leaves the schedule as it was', async () => {
    await world.post(aBody());

    const answer = await world.post(aBody({ task: 'anything' }));

    expect(answer.status).toBe(409);
    expect(problemIn(answer).code).toBe('schedule.exists');
    expect(definition('daily-sales')?.task).toBe('sales-report');
  });

  it('shows with dryRun what would be, and writes nothing', async () => {
    const answer = await world.request('POST', '/v1/schedules?dryRun=true', { body: aBody() });

    expect(answer.status).toBe(200);
    expect(answer.headers.get('location')).toBeNull();
    expect(scheduleResource.parse(answer.json).id).toBe('daily-sales');
    expect(world.schedules.states.size).toBe(0);
  });

  it('says with dryRun that an id exists', async () => {
    await world.post(aBody());

    const answer = await world.request('POST', '/v1/schedules?dryRun=true', { body: aBody() });

    expect(answer.status).toBe(409);
  });

  it('creates a deleted id anew, its revision and generation going on', async () => {
    await world.post(aBody());
    await world.request('DELETE', '/v1/schedules/daily-sales');
    world.nowSeconds += 10;

    const answer = await world.post(aBody());

    expect(answer.status).toBe(201);
    expect(answer.headers.get('etag')).toBe(`"${FIRE_TIME + 10}-2"`);
    expect(state('daily-sales')).toEqual({
      scheduleId: 'daily-sales',
      generation: 3,
      sync: { state: 'pending', generation: 3, at: FIRE_TIME + 10 },
      changedAt: FIRE_TIME + 10,
      // Of the deleted one there may be jobs that are still to be looked at.
      sweptTo: FIRE_TIME - 60,
      revision: 2,
    });
  });
});

describe('GET /v1/schedules/{id}', () => {
  it('shows when EventBridge refused, and when it is tried again', async () => {
    await world.post(aBody());
    const error = { code: 'ThrottlingException', message: 'Rate exceeded', attempts: 3 };
    await world.schedules.writeSync('daily-sales', {
      state: 'failed',
      generation: 1,
      at: FIRE_TIME,
      error: { ...error, retryAt: FIRE_TIME + 20 },
    });

    const answer = await world.request('GET', '/v1/schedules/daily-sales');

    expect(scheduleResource.parse(answer.json).sync).toEqual({
      state: 'failed',
      at: '2026-11-23T09:00:00Z',
      error: { ...error, retryAt: '2026-11-23T09:00:20Z' },
    });
  });

  it('calls a schedule complete after its last fire time, without another write', async () => {
    await world.post(aBody({ trigger: { kind: 'once', at: iso(FIRE_TIME + 60) } }));
    await world.schedules.writeSync('daily-sales', {
      state: 'active',
      generation: 1,
      at: FIRE_TIME,
    });
    world.nowSeconds = FIRE_TIME + 60;

    const answer = await world.request('GET', '/v1/schedules/daily-sales');

    expect(answer.json).toMatchObject({ sync: { state: 'completed' }, nextFireTime: null });
  });
});

describe('GET /v1/schedules', () => {
  it('lists by id, page by page, without what was deleted', async () => {
    for (const id of ['c', 'a', 'd', 'b']) await world.post(aBody({ id }));
    await world.request('DELETE', '/v1/schedules/b');
    const page = listOf(scheduleResource);

    const first = page.parse((await world.request('GET', '/v1/schedules?limit=2')).json);
    const path = `/v1/schedules?limit=2&cursor=${first.next}`;
    const second = page.parse((await world.request('GET', path)).json);

    expect(first.data.map(({ id }) => id)).toEqual(['a', 'c']);
    expect(second.data.map(({ id }) => id)).toEqual(['d']);
    expect(second.next).toBeNull();
  });
});

describe('PUT /v1/schedules/{id}', () => {
  beforeEach(async () => {
    await world.post(aBody({ input: { rows: 1 } }));
    await world.schedules.writeSync('daily-sales', {
      state: 'active',
      generation: 1,
      at: FIRE_TIME,
    });
    world.nowSeconds = FIRE_TIME + 3_600;
  });

  it('replaces all of a schedule but its creation', async () => {
    const answer = await put('daily-sales', aBody({ id: undefined, task: 'anything' }));

    expect(answer.status).toBe(200);
    expect(answer.headers.get('etag')).toBe(`"${FIRE_TIME}-2"`);
    expect(scheduleResource.parse(answer.json)).toMatchObject({
      task: 'anything',
      input: {},
      revision: 2,
      createdAt: '2026-11-23T09:00:00Z',
      updatedAt: '2026-11-23T10:00:00Z',
      sync: { state: 'pending' },
    });
    expect(state('daily-sales')).toMatchObject({ generation: 2, changedAt: FIRE_TIME + 3_600 });
  });

  it('takes back what GET answered, and keeps nothing of what GET added', async () => {
    const read = await world.request('GET', '/v1/schedules/daily-sales');

    const answer = await put('daily-sales', read.json);

    expect(answer.status).toBe(200);
    expect(Object.keys(definition('daily-sales')?.policy ?? {}).toSorted()).toEqual([
      'catchUpWindow',
      'resultExpirationTime',
      'retry',
    ]);
  });

  it('keeps the phase of an interval whose trigger stays', async () => {
    const trigger = { kind: 'interval', every: '1h' };
    await put('daily-sales', aBody({ trigger }));
    const before = definition('daily-sales')?.anchorAt;
    world.nowSeconds += 1_234;

    await put(
      'daily-sales',
      aBody({ trigger: { every: '1h', kind: 'interval' }, metadata: { a: 1 } }),
    );

    expect(before).toBe(FIRE_TIME + 3_600);
    expect(definition('daily-sales')?.anchorAt).toBe(before);
  });

  it('counts an interval anew, from a full minute, when the trigger changes', async () => {
    await put('daily-sales', aBody({ trigger: { kind: 'interval', every: '1h' } }));
    world.nowSeconds += 1_234;

    const answer = await put('daily-sales', aBody({ trigger: { kind: 'interval', every: '2h' } }));

    expect(answer.status).toBe(200);
    expect(definition('daily-sales')?.anchorAt).toBe(FIRE_TIME + 3_600 + 1_260);
  });

  it.each([
    ['`once`', { kind: 'once', at: iso(FIRE_TIME + 3_660) }],
    [
      'an end',
      {
        kind: 'cron',
        expression: 'cron(* * * * ? *)',
        timeZone: 'UTC',
        endAt: iso(FIRE_TIME + 3_660),
      },
    ],
    ['a last year', { kind: 'cron', expression: 'cron(0 12 23 11 ? 2026)', timeZone: 'UTC' }],
  ])('does not mind %s that has passed and stays as it is', async (_, trigger) => {
    await put('daily-sales', aBody({ trigger }));
    world.nowSeconds = FIRE_TIME + 86_400;

    const same = await put('daily-sales', aBody({ trigger, input: { rows: 2 } }));
    const other = await put('daily-sales', aBody({ trigger: { ...trigger, timeZone: 'Etc/UTC' } }));

    expect(same.status).toBe(200);
    expect(other.status).toBe(422);
  });

  it('refuses another id in the body, together with the other faults', async () => {
    const answer = await put('daily-sales', aBody({ id: 'other', task: 'none' }));

    expect(problemIn(answer).faults).toEqual(['/id id.invalid', '/task task.unknown']);
  });

  it.each([
    ['stale', `"${FIRE_TIME}-7"`],
    ['of an earlier schedule of this id', `"${FIRE_TIME - 1}-1"`],
    ['weak', `W/"${FIRE_TIME}-1"`],
    ['without quotes', `${FIRE_TIME}-1`],
  ])('refuses an If-Match that is %s, and changes nothing', async (_, ifMatch) => {
    const answer = await put('daily-sales', aBody({ task: 'anything' }), { 'if-match': ifMatch });

    expect(answer.status).toBe(412);
    expect(problemIn(answer).code).toBe('schedule.stale');
    expect(definition('daily-sales')?.revision).toBe(1);
    expect(world.sent).toEqual([]);
  });

  it.each([`"${FIRE_TIME}-1"`, '*', `"1-1", "${FIRE_TIME}-1"`])(
    'takes the If-Match %s',
    async (ifMatch) => {
      const answer = await put('daily-sales', aBody(), { 'if-match': ifMatch });

      expect(answer.status).toBe(200);
    },
  );

  it('is stale where another write comes between', async () => {
    const { write } = world.schedules;
    world.schedules.write = async (...args) => {
      world.schedules.write = write;
      await put('daily-sales', aBody({ task: 'anything' }));
      return write(...args);
    };

    const answer = await put('daily-sales', aBody());

    expect(answer.status).toBe(412);
    expect(definition('daily-sales')?.task).toBe('anything');
  });

  it('shows with dryRun what would be, and writes and sends nothing', async () => {
    const body = aBody({ task: 'anything' });

    const answer = await world.request('PUT', '/v1/schedules/daily-sales?dryRun=true', { body });

    expect(answer.json).toMatchObject({ task: 'anything', revision: 2 });
    expect(definition('daily-sales')?.revision).toBe(1);
    expect(world.sent).toEqual([]);
  });

  it('sends the last starts of the old trigger, which EventBridge may drop', async () => {
    await put('daily-sales', aBody({ trigger: { kind: 'once', at: iso(FIRE_TIME + 3_660) } }));
    await world.schedules.writeSync('daily-sales', {
      state: 'active',
      generation: 2,
      at: FIRE_TIME + 3_600,
    });
    world.nowSeconds = FIRE_TIME + 3_700;

    await put('daily-sales', aBody());

    expect(world.sent).toMatchObject([
      {
        kind: 'start',
        notBefore: FIRE_TIME + 3_750,
        start: { revision: 2, fireTime: '2026-11-23T10:01:00Z' },
      },
    ]);
  });

  it('replaces no schedule that was deleted', async () => {
    await world.request('DELETE', '/v1/schedules/daily-sales');

    const answer = await put('daily-sales', aBody());

    expect(answer.status).toBe(404);
  });
});

describe('DELETE /v1/schedules/{id}', () => {
  beforeEach(async () => {
    await world.post(aBody());
  });

  const remove = (query = '', headers: Record<string, string> = {}) =>
    world.request('DELETE', `/v1/schedules/daily-sales${query}`, { headers });

  it('hides the schedule at once and leaves a tombstone for EventBridge', async () => {
    const answer = await remove('', { 'if-match': `"${FIRE_TIME}-1"` });

    expect(answer.status).toBe(204);
    expect(answer.text).toBe('');
    expect((await world.request('GET', '/v1/schedules/daily-sales')).status).toBe(404);
    expect(state('daily-sales')).toMatchObject({
      generation: 2,
      revision: 1,
      sync: { state: 'pending' },
      deletedAt: FIRE_TIME,
    });
  });

  it('refuses a stale revision', async () => {
    const answer = await remove('', { 'if-match': '"1-1"' });

    expect(answer.status).toBe(412);
    expect(definition('daily-sales')).toBeDefined();
  });

  it('deletes nothing with dryRun', async () => {
    const answer = await remove('?dryRun=true');

    expect(answer.status).toBe(204);
    expect(definition('daily-sales')).toBeDefined();
  });

  it('is not found the second time', async () => {
    await remove();

    expect((await remove()).status).toBe(404);
  });

  it('is stale where another write comes between', async () => {
    const { bury } = world.schedules;
    world.schedules.bury = async (...args) => {
      await put('daily-sales', aBody());
      return bury(...args);
    };

    expect((await remove()).status).toBe(412);
  });
});
