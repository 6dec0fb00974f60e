import { beforeEach, describe, expect, it } from 'vitest';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { ApiWorld, aBody, problemIn } from '#test/support/api-world.ts';

let world: ApiWorld;

beforeEach(async () => {
  world = new ApiWorld();
  const body = aBody({
    input: { rows: 3 },
    resultExpirationTime: '7d',
    timeout: 30,
    metadata: { team: 'sales', tier: 1 },
  });
  expect((await world.post(body)).status).toBe(201);
});

const patch = (body: unknown, options: { headers?: Record<string, string>; query?: string } = {}) =>
  world.request('PATCH', `/v1/schedules/daily-sales${options.query ?? ''}`, {
    body,
    headers: { 'content-type': 'application/merge-patch+json', ...options.headers },
  });

describe('PATCH /v1/schedules/{id}', () => {
  it('changes what it names, and leaves the rest', async () => {
    const before = Object((await world.request('GET', '/v1/schedules/daily-sales')).json);
    world.nowSeconds += 60;

    const { status, json, headers } = await patch({
      trigger: { timeZone: 'Europe/Berlin' },
      metadata: { tier: null, owner: 'ada' },
    });

    expect(status).toBe(200);
    expect(json).toEqual({
      ...before,
      trigger: { kind: 'cron', expression: 'cron(0 9 * * ? *)', timeZone: 'Europe/Berlin' },
      metadata: { team: 'sales', owner: 'ada' },
      revision: 2,
      sync: { state: 'pending', at: toIso(FIRE_TIME + 60) },
      nextFireTime: '2026-11-24T08:00:00Z',
      updatedAt: toIso(FIRE_TIME + 60),
    });
    expect(headers.get('etag')).toBe(`"${FIRE_TIME}-2"`);
  });

  it('takes out what it sets to null, and the default of the task is back', async () => {
    await patch({ catchUpWindow: '2h', retry: { maxAttempts: 5 } });

    const { json } = await patch({ timeout: null, catchUpWindow: null, retry: null });

    expect(json).not.toHaveProperty('timeout');
    expect(json).toMatchObject({ catchUpWindow: 600, retry: { maxAttempts: 2 } });
  });

  it('takes plain JSON too, and no other media type', async () => {
    const json = await patch({ timeout: 20 }, { headers: { 'content-type': 'application/json' } });
    const text = await patch({ timeout: 20 }, { headers: { 'content-type': 'text/plain' } });

    expect(json).toMatchObject({ status: 200, json: { timeout: 20 } });
    expect(text.status).toBe(415);
  });

  it('keeps to If-Match', async () => {
    const stale = await patch({ timeout: 20 }, { headers: { 'if-match': '"1-1"' } });
    const fresh = await patch({ timeout: 20 }, { headers: { 'if-match': `"${FIRE_TIME}-1"` } });

    expect(problemIn(stale).code).toBe('schedule.stale');
    expect(fresh.status).toBe(200);
  });

  it('writes nothing in a dry run', async () => {
    const { json } = await patch({ timeout: 20 }, { query: '?dryRun=true' });

    expect(json).toMatchObject({ timeout: 20, revision: 2 });
    expect(world.schedules.definitions.get('daily-sales')).toMatchObject({
      policy: { timeoutSeconds: 30 },
      revision: 1,
    });
  });

  it('an empty one writes the schedule as it is', async () => {
    expect(await patch({})).toMatchObject({ status: 200, json: { timeout: 30, revision: 2 } });
  });

  it.each([
    ['a list', [1], [' field.invalid']],
    ['null', null, [' field.invalid']],
    ['a text', '"timeout"', [' field.invalid']],
    ['a field that there is not', { colour: 'red' }, ['/colour field.unknown']],
    ['a task that there is not', { task: 'none' }, ['/task task.unknown']],
    ['no task', { task: null }, ['/task task.unknown']],
    ['another id', { id: 'other' }, ['/id id.invalid']],
    [
      'what only Almanac writes, together with its other faults',
      { revision: 7, paused: null, timeout: 0 },
      ['/revision field.invalid', '/paused field.invalid', '/timeout field.invalid'],
    ],
    [
      'a part of a trigger that does not fit the rest',
      { trigger: { every: 'PT1H' } },
      ['/trigger/every field.unknown'],
    ],
    [
      'a part of an input that does not fit the rest',
      { input: { rows: -1 } },
      ['/input/rows input.invalid'],
    ],
  ])('refuses %s', async (_, body, faults) => {
    const answer = await patch(body);

    expect(answer.status).toBe(422);
    expect(problemIn(answer)).toEqual({ code: 'request.invalid', faults });
  });

  it('finds no schedule that is not there', async () => {
    const answer = await world.request('PATCH', '/v1/schedules/none', { body: {} });

    expect(problemIn(answer).code).toBe('schedule.not-found');
  });
});
