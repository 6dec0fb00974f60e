import { beforeEach, describe, expect, it } from 'vitest';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { Plan } from '#shared/domain/schedule/schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { ApiWorld } from '#test/support/api-world.ts';

const SEVEN = 7 * 60;
const EVERY_SEVEN = { kind: 'interval', every: 'PT7M', startAt: toIso(FIRE_TIME + 60) };
const BODY = { id: 'planned', task: 'anything', trigger: EVERY_SEVEN };

let world: ApiWorld;

beforeEach(async () => {
  world = new ApiWorld();
  const { status } = await world.request('POST', '/v1/schedules', { body: BODY });
  expect(status).toBe(201);
});

const planNow = () => world.schedules.states.get('planned')?.plan;
const put = (body: Record<string, unknown>) =>
  world.request('PUT', '/v1/schedules/planned', { body: { ...BODY, ...body } });

/** Puts the plan where nobody has moved it on from. */
function standStill(plan: Plan): void {
  const stored = world.schedules.stored('planned');
  if (stored) world.schedules.put({ ...stored, state: { ...stored.state, plan } });
}

describe('the API, of a planned schedule', () => {
  it('begins its plan at the first fire time, and shows it', async () => {
    expect(planNow()).toEqual({ nextFireTime: FIRE_TIME + 60, started: 0 });
    const { json } = await world.request('GET', '/v1/schedules/planned');
    expect(json).toMatchObject({ nextFireTime: toIso(FIRE_TIME + 60) });
  });

  it('shows the policies that make it planned', async () => {
    const policies = { coalesce: 'latest', maxJobs: 3, misfireGraceTime: 120 };

    expect(await put({ ...policies, misfireGraceTime: '2m' })).toMatchObject({
      status: 200,
      json: policies,
    });
  });

  it('keeps the plan, passed fire times included, where the trigger is written as it was', async () => {
    const plan = { nextFireTime: FIRE_TIME - SEVEN, started: 4, decidedAt: FIRE_TIME };
    standStill(plan);

    await put({ input: { rows: 2 }, coalesce: 'latest' });

    expect(planNow()).toEqual(plan);
    expect(world.sent).toEqual([]);
  });

  it('sends what the old plan owes before it begins another', async () => {
    standStill({ nextFireTime: FIRE_TIME + 60, started: 4 });
    world.nowSeconds = FIRE_TIME + 60 + SEVEN;

    await put({ trigger: { ...EVERY_SEVEN, every: 'PT11M' } });

    expect(world.sent.map((message) => Object(message).start.fireTime)).toEqual([
      toIso(FIRE_TIME + 60),
      toIso(FIRE_TIME + 60 + SEVEN),
    ]);
    expect(planNow()).toEqual({ nextFireTime: FIRE_TIME + 60 + 11 * 60, started: 0 });
  });

  it('sends of what the old plan owes what its policies pick', async () => {
    await put({ coalesce: 'latest' });
    world.nowSeconds = FIRE_TIME + 60 + 2 * SEVEN;

    await world.request('DELETE', '/v1/schedules/planned');

    expect(world.sent).toMatchObject([
      { kind: 'start', start: { fireTime: toIso(FIRE_TIME + 60 + 2 * SEVEN) } },
    ]);
  });

  it('drops the plan where the trigger becomes one that EventBridge holds, and with the schedule', async () => {
    await put({ trigger: { kind: 'interval', every: 'PT15M' } });
    expect(planNow()).toBeUndefined();

    await put({});
    expect(planNow()).toBeDefined();
    await world.request('DELETE', '/v1/schedules/planned');
    expect(planNow()).toBeUndefined();
  });

  it('shows no next fire time once the plan has ended', async () => {
    standStill({ started: 3 });

    const { json } = await world.request('GET', '/v1/schedules/planned');
    expect(json).toMatchObject({ nextFireTime: null });
  });
});
