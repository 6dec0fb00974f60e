import { beforeEach, describe, expect, it } from 'vitest';
import { aRunningJob } from '#test/support/a-job.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { ApiWorld, aBody, problemIn, SIGNER } from '#test/support/api-world.ts';

let world: ApiWorld;

/** The schedule fires every day at nine, and it is an hour before. */
beforeEach(async () => {
  world = new ApiWorld();
  world.nowSeconds = FIRE_TIME - 3_600;
  await world.post(aBody({ metadata: { team: 'sales' } }));
});

const skip = (body: unknown, query = '') =>
  world.request('POST', `/v1/schedules/daily-sales/skip${query}`, { body });

describe('POST /v1/schedules/{id}/skip', () => {
  it('settles the job of the fire time beforehand, saying who did and why', async () => {
    const { status, json } = await skip({ fireTime: '2026-11-23T10:00:00+01:00', note: 'holiday' });

    expect(status).toBe(200);
    expect(json).toMatchObject({
      id: 'daily-sales@20261123T090000Z',
      fireTime: '2026-11-23T09:00:00Z',
      state: 'settled',
      outcome: 'skipped',
      attempt: 0,
      finishedAt: '2026-11-23T08:00:00Z',
      error: { name: 'Skipped', message: `Skipped by ${SIGNER}: holiday` },
      metadata: { team: 'sales' },
    });
    const read = await world.request('GET', '/v1/jobs/daily-sales@20261123T090000Z');
    expect(read.json).toEqual(json);
  });

  it('keeps the row until no start can come any more, though the window were made a day long', async () => {
    await skip({ fireTime: '2026-11-30T09:00:00Z' });

    const job = world.jobs.get('daily-sales@20261130T090000Z');
    expect(job?.expiresAt).toBeGreaterThan(FIRE_TIME + 8 * 86_400 + 960);
  });

  it.each([
    ['has passed', '2026-11-22T09:00:00Z'],
    ['is now', '2026-11-23T08:00:00Z'],
    ['is none of the schedule', '2026-11-24T09:00:01Z'],
    ['is no instant', 'tomorrow'],
  ])('refuses a time that %s', async (_, fireTime) => {
    const answer = await skip({ fireTime });

    expect(answer.status).toBe(422);
    expect(problemIn(answer).faults).toEqual(['/fireTime field.invalid']);
    expect(world.jobs.size).toBe(0);
  });

  it('may be repeated', async () => {
    const first = await skip({ fireTime: '2026-11-24T09:00:00Z', note: 'one' });
    const second = await skip({ fireTime: '2026-11-24T09:00:00Z', note: 'two' });

    expect(second.json).toEqual(first.json);
  });

  it('is refused where the job has begun', async () => {
    world.addJob(aRunningJob());

    const answer = await skip({ fireTime: '2026-11-23T09:00:00Z' });

    expect(answer.status).toBe(409);
    expect(problemIn(answer).code).toBe('job.settled');
  });

  it('writes nothing with dryRun, and finds no schedule that is not there', async () => {
    const body = { fireTime: '2026-11-24T09:00:00Z' };

    expect((await skip(body, '?dryRun=true')).json).toMatchObject({ outcome: 'skipped' });
    expect(world.jobs.size).toBe(0);
    const answer = await world.request('POST', '/v1/schedules/nobody/skip', { body });
    expect(problemIn(answer).code).toBe('schedule.not-found');
  });
});
