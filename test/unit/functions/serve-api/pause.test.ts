import { beforeEach, describe, expect, it } from 'vitest';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { ApiWorld, aBody, problemIn, SIGNER } from '#test/support/api-world.ts';

const HOUR = 3_600;
const everyQuarter = { kind: 'cron', expression: 'cron(0/15 * * * ? *)', timeZone: 'UTC' };
/** Every 100 minutes fits no UTC cron, so EventBridge is told each fire time. */
const planned = { kind: 'interval', every: '100m', startAt: '2026-11-23T09:00:00Z' };

let world: ApiWorld;

beforeEach(async () => {
  world = new ApiWorld();
  world.nowSeconds = FIRE_TIME - 300;
});

const create = async (changes: Record<string, unknown> = {}) => {
  const { status, json } = await world.post(aBody({ trigger: everyQuarter, ...changes }));
  expect(status, JSON.stringify(json)).toBe(201);
  await followed();
};
/** EventBridge follows, as `project-schedules` notes it. */
const followed = async () => {
  const { generation } = stateNow();
  const sync = { state: 'active' as const, generation, at: world.nowSeconds };
  await world.schedules.writeSync('daily-sales', sync);
};
const stateNow = () => {
  const state = world.schedules.states.get('daily-sales');
  if (!state) throw new Error('Expected a state, got none.');
  return state;
};
const act = (action: string, body?: unknown, query = '') =>
  world.request(
    'POST',
    `/v1/schedules/daily-sales/${action}${query}`,
    body === undefined ? {} : { body },
  );
const read = () => world.request('GET', '/v1/schedules/daily-sales');
const sentTimes = () =>
  world.sent.map((message) => (message.kind === 'start' ? message.start.fireTime : message.kind));

describe('POST /v1/schedules/{id}/pause', () => {
  it('answers who paused it, why and since when, and that EventBridge has yet to follow', async () => {
    await create();

    const { status, json } = await act('pause', { note: 'the source is down' });

    expect(status).toBe(200);
    expect(json).toMatchObject({
      paused: { note: 'the source is down', by: SIGNER, since: toIso(FIRE_TIME - 300) },
      sync: { state: 'pending' },
      nextFireTime: null,
      revision: 1,
    });
    expect(stateNow()).toMatchObject({ generation: 2, sync: { state: 'pending', generation: 2 } });
    expect((await read()).json).toEqual(json);
  });

  it('takes a request without a body', async () => {
    await create();

    expect((await act('pause')).status).toBe(200);
  });

  it('shows the first fire time from its end on as the next', async () => {
    await create();

    const { json } = await act('pause', { until: '2026-11-23T10:15:00Z' });

    expect(json).toMatchObject({
      paused: { until: '2026-11-23T10:15:00Z' },
      nextFireTime: '2026-11-23T10:15:00Z',
    });
  });

  it('is over from its end on, without a further request', async () => {
    await create();
    await act('pause', { until: '2026-11-23T10:15:00Z' });
    await followed();

    world.nowSeconds = FIRE_TIME + HOUR + 900;
    const { json } = await read();

    expect(json).not.toHaveProperty('paused');
    expect(json).toMatchObject({
      sync: { state: 'active' },
      nextFireTime: '2026-11-23T10:30:00Z',
    });
  });

  it('goes on from when it began where it is asked for again, with the new note and end', async () => {
    await create();
    await act('pause', { note: 'one' });
    world.nowSeconds += 60;

    const { json } = await act('pause', { note: 'two', until: '2026-11-23T12:00:00Z' });

    expect(json).toMatchObject({
      paused: { note: 'two', since: toIso(FIRE_TIME - 300), until: '2026-11-23T12:00:00Z' },
    });
  });

  it('still owes what was due before, as EventBridge may drop a firing under way', async () => {
    await create();
    world.nowSeconds = FIRE_TIME + 30;

    await act('pause');

    expect(world.sent).toMatchObject([
      { kind: 'start', notBefore: FIRE_TIME + 90, start: { fireTime: '2026-11-23T09:00:00Z' } },
    ]);
  });

  it('owes nothing of a fire time that comes with it', async () => {
    await create();
    world.nowSeconds = FIRE_TIME;

    await act('pause');

    expect(world.sent).toEqual([]);
  });

  it('sets the plan of a planned schedule aside, and up again at its end', async () => {
    await create({ trigger: planned });
    expect(stateNow().plan).toEqual({ nextFireTime: FIRE_TIME, started: 0 });

    await act('pause');
    const withoutEnd = stateNow().plan;
    await act('pause', { until: '2026-11-23T09:00:01Z' });

    expect(withoutEnd).toEqual({ started: 0 });
    expect(stateNow().plan).toEqual({ nextFireTime: FIRE_TIME + 6_000, started: 0 });
  });

  it('starts what a planned schedule was late with, and counts it', async () => {
    await create({ trigger: planned });
    world.nowSeconds = FIRE_TIME + 20;

    await act('pause');

    expect(sentTimes()).toEqual(['2026-11-23T09:00:00Z']);
    expect(stateNow().plan).toEqual({ started: 1 });
    expect(stateNow().changedAt).toBe(FIRE_TIME - 300);
  });

  it('has nobody look for what it has folded away of a planned schedule, as that leaves no row', async () => {
    await create({ trigger: planned, coalesce: 'latest' });
    world.nowSeconds = FIRE_TIME + 20;

    await act('pause');

    expect(stateNow().changedAt).toBe(FIRE_TIME + 20);
  });

  it('only says what would be with dryRun', async () => {
    await create();

    const { json } = await act('pause', {}, '?dryRun=true');

    expect(json).toMatchObject({ paused: { by: SIGNER } });
    expect(stateNow().generation).toBe(1);
  });

  it.each([
    [{ until: '2026-11-23T08:00:00Z' }, '/until field.invalid'],
    [{ until: 'tomorrow' }, '/until field.invalid'],
    [{ note: 'n'.repeat(257) }, '/note field.invalid'],
    [{ by: 'me' }, '/by field.unknown'],
  ])('refuses %j', async (body, fault) => {
    await create();

    const answer = await act('pause', body);

    expect(answer.status).toBe(422);
    expect(problemIn(answer).faults).toEqual([fault]);
    expect(stateNow().generation).toBe(1);
  });

  it('finds no schedule that is not there', async () => {
    expect(problemIn(await act('pause')).code).toBe('schedule.not-found');
  });

  it('is written though another write comes first', async () => {
    await create();
    const { writeState } = world.schedules;
    let races = 2;
    world.schedules.writeState = async (state, expected) => {
      races -= 1;
      return races >= 0 ? false : writeState(state, expected);
    };

    expect((await act('pause')).status).toBe(200);
    expect(stateNow().paused).toBeDefined();
  });

  it('is given up after losing to another write each time', async () => {
    await create();
    world.schedules.writeState = async () => false;

    expect(problemIn(await act('pause')).code).toBe('schedule.stale');
  });
});

describe('a pause', () => {
  it.each([{}, { trigger: planned }])('stays through a PUT with %j', async (changes) => {
    await create();
    await act('pause', { note: 'kept' });
    const { json } = await read();

    const put = await world.request('PUT', '/v1/schedules/daily-sales', {
      body: { ...Object(json), input: { rows: 7 }, ...changes },
    });

    expect(put.json).toMatchObject({ paused: { note: 'kept' }, nextFireTime: null, revision: 2 });
    expect(stateNow().paused).toMatchObject({ note: 'kept' });
    expect(stateNow().plan ?? { started: 0 }).toEqual({ started: 0 });
  });

  it('stays with the tombstone, whose starts may still be under way, and goes with the next schedule of the id', async () => {
    await create();
    await act('pause');

    await world.request('DELETE', '/v1/schedules/daily-sales');
    const tombstone = stateNow();
    await create();

    expect(tombstone).toMatchObject({ deletedAt: FIRE_TIME - 300, paused: { by: SIGNER } });
    expect(stateNow()).not.toHaveProperty('paused');
  });
});

describe('POST /v1/schedules/{id}/resume', () => {
  const pauseFor = async (seconds: number) => {
    await act('pause');
    await followed();
    world.sent.length = 0;
    world.nowSeconds += seconds;
  };

  it('fires again from now on, and starts none of what passed', async () => {
    await create();
    await pauseFor(HOUR);

    const { status, json } = await act('resume');

    expect(status).toBe(200);
    expect(json).not.toHaveProperty('paused');
    expect(json).toMatchObject({
      sync: { state: 'pending' },
      nextFireTime: '2026-11-23T10:00:00Z',
    });
    expect(world.sent).toEqual([]);
    expect(stateNow()).toMatchObject({
      generation: 3,
      changedAt: FIRE_TIME - 300 + HOUR,
      passedOver: { from: FIRE_TIME - 300, to: FIRE_TIME - 300 + HOUR },
    });
  });

  it.each([
    // The task's window is ten minutes.
    ['all', ['2026-11-23T09:45:00Z']],
    ['latest', ['2026-11-23T09:45:00Z']],
  ])('starts %s of what passed within the window', async (catchUp, fireTimes) => {
    await create();
    await pauseFor(HOUR - 60);

    await act('resume', { catchUp });

    expect(sentTimes()).toEqual(fireTimes);
    expect(world.sent).toMatchObject([{ start: { deliverBy: '2026-11-23T09:55:00Z' } }]);
  });

  it('counts what it starts of a planned schedule, and plans what comes after now', async () => {
    await create({ trigger: planned, catchUpWindow: '24h' });
    await pauseFor(4 * HOUR);

    await act('resume', { catchUp: 'all' });

    expect(sentTimes()).toEqual([
      '2026-11-23T09:00:00Z',
      '2026-11-23T10:40:00Z',
      '2026-11-23T12:20:00Z',
    ]);
    expect(stateNow().plan).toEqual({ nextFireTime: FIRE_TIME + 5 * HOUR, started: 3 });
  });

  it('leaves a schedule that is not paused as it is', async () => {
    await create();

    const { status, json } = await act('resume', { catchUp: 'all' });

    expect(status).toBe(200);
    expect(json).toMatchObject({ sync: { state: 'active' } });
    expect(stateNow().generation).toBe(1);
  });

  it('refuses a way of catching up that it does not know', async () => {
    await create();

    expect(problemIn(await act('resume', { catchUp: 'some' })).faults).toEqual([
      '/catchUp field.invalid',
    ]);
  });
});
