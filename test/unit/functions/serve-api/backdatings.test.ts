import { beforeEach, describe, expect, it } from 'vitest';
import { backdatingForecast, backdatingResource } from '#shared/contracts/backdatings.ts';
import { scheduleResource } from '#shared/contracts/resources.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { jobKeyOf } from '#shared/domain/job/job-key.ts';
import { aJob } from '#test/support/a-job.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { ApiWorld, aBody, problemIn, SIGNER } from '#test/support/api-world.ts';

const DAY = 86_400;
const NOTHING = {
  looked: 0,
  changed: 0,
  moved: 0,
  unchanged: 0,
  leftAlone: 0,
  expired: 0,
  open: 0,
};

let world: ApiWorld;

beforeEach(async () => {
  world = new ApiWorld();
  expect((await world.post(aBody({ resultExpirationTime: '7d' }))).status).toBe(201);
  world.sent.length = 0;
});

const path = '/v1/schedules/daily-sales';
const ask = (query = '', body?: unknown) =>
  world.request('POST', `${path}/backdate${query}`, { body });
const addJobs = (count: number) => {
  for (let day = 0; day < count; day += 1) {
    const key = jobKeyOf('daily-sales', FIRE_TIME - day * 60);
    world.addJob(aJob({ key, resultExpiresAt: FIRE_TIME + DAY, expiresAt: FIRE_TIME + DAY }));
  }
};

describe('POST /v1/schedules/{id}/backdate', () => {
  it('answers 202 with a backdating by the policies as they are, and sends the message that begins it', async () => {
    const { status, json, headers } = await ask('', { note: 'after the audit' });

    expect(status).toBe(202);
    const backdating = backdatingResource.parse(json);
    expect(backdating).toEqual({
      id: expect.stringMatching(/^[0-9A-Z]{26}$/),
      scheduleId: 'daily-sales',
      state: 'running',
      by: SIGNER,
      note: 'after the audit',
      revision: 1,
      counts: NOTHING,
      createdAt: toIso(FIRE_TIME),
    });
    const location = `${path}/backdatings/${backdating.id}`;
    expect(headers.get('location')).toBe(location);
    expect((await world.request('GET', location)).json).toEqual(json);
    expect(world.sent).toMatchObject([
      { kind: 'backdating', scheduleId: 'daily-sales', errandId: backdating.id, version: 1 },
    ]);
    expect([...world.backdatings.errands.values()]).toMatchObject([
      { policy: { resultExpirationTime: 7 * DAY }, to: FIRE_TIME + 90 },
    ]);
  });

  it('counts in a dry run what it would do, and writes nothing', async () => {
    addJobs(3);

    const { status, json } = await ask('?dryRun=true');

    expect(status).toBe(200);
    expect(backdatingForecast.parse(json)).toEqual({
      ...NOTHING,
      looked: 3,
      changed: 3,
      isLowerBound: false,
    });
    expect([world.sent, world.backdatings.errands.size]).toEqual([[], 0]);
  });

  it('looks at the newest thousand jobs for a dry run, and says so where there are more', async () => {
    addJobs(1_001);

    expect((await ask('?dryRun=true')).json).toMatchObject({ looked: 1_000, isLowerBound: true });
  });

  it.each([
    ['a field that there is not', { rate: 5 }, ['/rate field.unknown']],
    ['a note that is none', { note: 7 }, ['/note field.invalid']],
  ])('refuses %s', async (_, body, faults) => {
    expect(problemIn(await ask('', body))).toEqual({ code: 'request.invalid', faults });
    expect(world.sent).toEqual([]);
  });

  it('finds no schedule that is not there', async () => {
    const answer = await world.request('POST', '/v1/schedules/none/backdate');

    expect(problemIn(answer).code).toBe('schedule.not-found');
  });

  it('is listed, cancelled, and then stays so', async () => {
    const { id } = backdatingResource.parse((await ask()).json);

    const cancelled = await world.request('POST', `${path}/backdatings/${id}/cancel`);

    expect(cancelled.json).toMatchObject({ id, state: 'cancelled', endedAt: toIso(FIRE_TIME) });
    const listed = await world.request('GET', `${path}/backdatings`);
    expect(listed.json).toEqual({ data: [cancelled.json], next: null });
    for (const backdating of world.backdatings.errands.values())
      world.backdatings.put({ ...backdating, state: 'completed' });
    const again = await world.request('POST', `${path}/backdatings/${id}/cancel`);
    expect(problemIn(again).code).toBe('backdating.ended');
    const none = await world.request('GET', `${path}/backdatings/none`);
    expect(problemIn(none).code).toBe('backdating.not-found');
  });
});

describe('a change of a schedule with applyToExisting', () => {
  const patch = (query: string, body: object = { resultExpirationTime: '30d' }) =>
    world.request('PATCH', `${path}${query}`, { body });

  it('begins a backdating by the policies as they are then, and answers with it', async () => {
    const { status, json } = await patch('?applyToExisting=true');

    expect(status).toBe(200);
    const { revision, backdating } = scheduleResource.parse(json);
    expect([revision, backdating?.revision, backdating?.state]).toEqual([2, 2, 'running']);
    expect([...world.backdatings.errands.values()]).toMatchObject([
      { errandId: backdating?.id, by: SIGNER, policy: { resultExpirationTime: 30 * DAY } },
    ]);
    const shown = await world.request('GET', `${path}/backdatings/${backdating?.id}`);
    expect(shown.json).toEqual(backdating);
  });

  it('does so where the whole of it is replaced, too', async () => {
    const { id: _, ...body } = aBody({ resultExpirationTime: 0 });

    const answer = await world.request('PUT', `${path}?applyToExisting=true`, { body });

    expect(answer.json).toMatchObject({ backdating: { revision: 2 } });
  });

  it('lets go of what was held, where the policy holds nothing any more', async () => {
    await patch('', { keepLast: 3 });
    await patch('?applyToExisting=true', { keepLast: null });

    expect([...world.backdatings.errands.values()]).toMatchObject([
      { policy: { keepLast: 0 }, places: { last: 0, success: false } },
    ]);
  });

  it('begins none without it, and none where the schedule is not written', async () => {
    expect((await patch('')).json).not.toHaveProperty('backdating');
    const stale = await world.request('PATCH', `${path}?applyToExisting=true`, {
      body: { resultExpirationTime: '30d' },
      headers: { 'if-match': '"1-1"' },
    });

    expect(stale.status).toBe(412);
    expect(world.backdatings.errands.size).toBe(0);
  });

  it('says in a dry run what it would do', async () => {
    addJobs(2);

    const { json } = await patch('?applyToExisting=true&dryRun=true');

    expect(scheduleResource.parse(json).backdatingForecast).toMatchObject({
      looked: 2,
      changed: 2,
    });
    expect(world.backdatings.errands.size).toBe(0);
  });

  it('refuses another word than true and false', async () => {
    expect(problemIn(await patch('?applyToExisting=all')).code).toBe('request.invalid');
  });
});
