import { beforeEach, describe, expect, it } from 'vitest';
import { aJob, aRunningJob } from '#test/support/a-job.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { ApiWorld, aBody, problemIn, SIGNER } from '#test/support/api-world.ts';

let world: ApiWorld;

beforeEach(() => {
  world = new ApiWorld();
});

const ID = 'daily-sales@20261123T090000Z';
const cancel = (body?: unknown, id = ID) =>
  world.request('POST', `/v1/jobs/${id}/cancel`, body === undefined ? {} : { body });
const { leaseUntil: _l, owner: _o, startedAt: _s, ...idle } = aRunningJob();
const aQueuedJob = () => ({ ...idle, state: 'queued' as const, attempt: 0 });
const aRetryingJob = () =>
  aRunningJob({ state: 'retrying', error: { name: 'Error', message: 'no' } });

describe('POST /v1/jobs/{id}/cancel', () => {
  it.each([
    ['queued', aQueuedJob],
    ['retrying', aRetryingJob],
  ])('settles a %s job, saying who did and why', async (_, job) => {
    world.addJob(job());

    const { status, json } = await cancel({ note: 'wrong month' });

    expect(status).toBe(200);
    expect(json).toMatchObject({
      state: 'settled',
      outcome: 'cancelled',
      error: { name: 'Cancelled', message: `Cancelled by ${SIGNER}: wrong month` },
    });
  });

  it('keeps the record longer than any start of the job may be under way', async () => {
    await world.post(aBody({ resultExpirationTime: 0, recordExpirationTime: 0 }));
    world.addJob(aQueuedJob());

    await cancel();

    expect(world.jobs.get(ID)?.expiresAt).toBeGreaterThan(FIRE_TIME + 3_600 + 960);
  });

  it('keeps the record as long as those of the schedule’s other jobs', async () => {
    await world.post(aBody({ recordExpirationTime: '30d' }));
    world.addJob(aQueuedJob());

    await cancel();

    expect(world.jobs.get(ID)?.expiresAt).toBe(FIRE_TIME + 30 * 86_400);
  });

  it('asks a running job to end', async () => {
    world.addJob(aRunningJob());

    const { status, json } = await cancel({ note: 'wrong month' });

    expect(status).toBe(202);
    expect(json).toMatchObject({
      state: 'running',
      cancelRequested: { at: '2026-11-23T09:00:00Z', by: SIGNER, note: 'wrong month' },
    });
  });

  it('may be repeated', async () => {
    world.addJob(aRunningJob());

    const first = await cancel({ note: 'one' });
    const second = await cancel({ note: 'two' });

    expect(second.json).toEqual(first.json);
    world.addJob(aJob({ outcome: 'cancelled' }));
    expect((await cancel()).status).toBe(200);
  });

  it('is refused for a job that has ended', async () => {
    world.addJob(aJob());

    const answer = await cancel();

    expect(answer.status).toBe(409);
    expect(problemIn(answer).code).toBe('job.settled');
  });

  it('finds no job that is not there', async () => {
    expect(problemIn(await cancel()).code).toBe('job.not-found');
    expect(problemIn(await cancel({}, 'nonsense')).code).toBe('job.not-found');
  });

  it('refuses a body with what it does not know', async () => {
    world.addJob(aRunningJob());

    expect(problemIn(await cancel({ why: 'so' })).faults).toEqual(['/why field.unknown']);
  });

  it('meets a job that begins meanwhile as one that runs', async () => {
    world.addJob(aQueuedJob());
    world.beforeWrite = () => {
      world.beforeWrite = () => {};
      world.addJob(aRunningJob());
    };

    expect(await cancel()).toMatchObject({ status: 202, json: { state: 'running' } });
  });

  it('is given up where the job goes on each time', async () => {
    world.addJob(aRunningJob());
    let owner = 0;
    world.beforeWrite = () => {
      owner += 1;
      world.addJob(aRunningJob({ owner: `owner-${owner}x` }));
    };

    expect(problemIn(await cancel()).code).toBe('store.unavailable');
  });
});
