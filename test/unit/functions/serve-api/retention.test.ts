import { beforeEach, describe, expect, it } from 'vitest';
import { aJob, aRunningJob } from '#test/support/a-job.ts';
import { aPayload } from '#test/support/a-payload.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { ApiWorld, aBody, problemIn } from '#test/support/api-world.ts';

let world: ApiWorld;

beforeEach(() => {
  world = new ApiWorld();
  world.nowSeconds = FIRE_TIME + 10;
});

const JOB = '/v1/jobs/daily-sales@20261123T090000Z';
const change = (body: unknown) => world.request('PATCH', `${JOB}/retention`, { body });

describe('PATCH /v1/jobs/{id}/retention', () => {
  it('extends a result, and says by which rule it is kept now', async () => {
    world.addJob(aJob({ retentionRule: 'schedule:default' }));

    const answer = await change({ resultExpirationTime: '7d' });

    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      resultExpiresAt: '2026-11-30T09:00:02Z',
      expiresAt: '2026-11-30T09:00:02Z',
      retentionRule: 'job:set',
    });
  });

  it('hides a result at once with 0, and goes on to know its job', async () => {
    world.addJob(aJob());

    await change({ resultExpirationTime: 0 });

    expect(problemIn(await world.request('GET', `${JOB}/result`)).code).toBe('result.expired');
    expect((await world.request('GET', JOB)).status).toBe(200);
  });

  it('pins a result for ten years, and gives its own time back', async () => {
    world.addJob(aJob());

    const pinned = await change({ pinned: true });
    const unpinned = await change({ pinned: false });

    expect(pinned.json).toMatchObject({
      resultExpiresAt: '2036-11-20T09:00:10Z',
      retentionRule: 'job:pinned',
    });
    expect(unpinned.json).toMatchObject({
      resultExpiresAt: '2026-11-23T10:00:02Z',
      retentionRule: 'schedule:default',
    });
  });

  it('copies an object to the class of its new time, under a name of its own, and points to it', async () => {
    world.addJob(aJob({ content: { kind: 'payload', payload: aPayload() } }));

    await change({ expiresAt: '2026-12-20T00:00:00Z' });

    const [copied] = world.copied;
    expect(copied?.from).toBe(aPayload().key);
    expect(copied?.to).toMatch(/^results\/30d\/daily-sales\/20261123T090000Z\/1-[\w-]{12}$/);
    expect([...world.jobs.values()]).toMatchObject([
      { content: { payload: { key: copied?.to, keptUntil: '2026-12-23T09:00:10Z' } } },
    ]);
  });

  it('reads and decides again where someone else changes the times before it', async () => {
    world.addJob(aJob());
    let rounds = 0;
    world.beforeWrite = () => {
      rounds += 1;
      if (rounds === 1) world.addJob(aJob({ expiresAt: FIRE_TIME + 9_000_000 }));
    };

    const answer = await change({ resultExpirationTime: '1d' });

    expect(rounds).toBe(2);
    expect(answer.json).toMatchObject({
      resultExpiresAt: '2026-11-24T09:00:02Z',
      expiresAt: '2027-03-07T13:00:00Z',
    });
  });

  it.each([
    ['has no job', undefined, '404 job.not-found'],
    ['runs', aRunningJob(), '409 job.unfinished'],
    ['has lost its result', aJob({ resultExpiresAt: FIRE_TIME + 10 }), '410 result.expired'],
    ['has expired', aJob({ expiresAt: FIRE_TIME + 10 }), '404 job.not-found'],
  ])('refuses what %s', async (_, job, refusal) => {
    if (job) world.addJob(job);

    const answer = await change({ pinned: true });

    expect(`${answer.status} ${problemIn(answer).code}`).toBe(refusal);
  });

  it.each([
    [{}, ' field.invalid'],
    [{ pinned: true, resultExpirationTime: 1 }, ' field.invalid'],
    [{ resultExpirationTime: -1 }, '/resultExpirationTime retention.invalid'],
    [{ resultExpirationTime: '7 days' }, '/resultExpirationTime retention.invalid'],
    [{ resultExpirationTime: '3651d' }, '/resultExpirationTime retention.invalid'],
    [{ expiresAt: 'tomorrow' }, '/expiresAt retention.invalid'],
    [{ expiresAt: '2026-11-23T09:00:10Z' }, '/expiresAt retention.invalid'],
    [{ expiresAt: '2036-11-21T00:00:00Z' }, '/expiresAt retention.invalid'],
    [{ pinned: 'yes' }, '/pinned retention.invalid'],
    [{ pinnned: true }, '/pinnned field.unknown'],
  ])('refuses %j', async (body, fault) => {
    world.addJob(aJob());

    const answer = await change(body);

    expect(answer.status).toBe(422);
    expect(problemIn(answer).faults).toContain(fault);
    expect([...world.jobs.values()]).toEqual([aJob()]);
  });
});

describe("the stack's retention", () => {
  it('is what schedules get where neither they nor their task say anything', async () => {
    world.retention.resultExpirationTime = { success: 86_400, default: 0 };

    const answer = await world.post(aBody());

    expect(answer.json).toMatchObject({ resultExpirationTime: { success: 86_400, default: 0 } });
    expect(answer.json).not.toHaveProperty('resultExpirationFrom');
  });

  it('travels with the starts of a job: who stated its time, and the maximum', async () => {
    world.retention.longestExpirationTime = 604_800;
    const submit = (body: object) =>
      world.request('POST', '/v1/jobs', { body: { task: 'anything', ...body } });

    await submit({});
    await submit({ resultExpirationTime: '1d' });

    expect(world.submitted.map(({ policy }) => policy)).toEqual([
      { resultExpirationTime: 0, resultExpirationFrom: 'stack', longestExpirationTime: 604_800 },
      {
        resultExpirationTime: 86_400,
        resultExpirationFrom: 'job',
        longestExpirationTime: 604_800,
      },
    ]);
  });

  it('refuses times above its maximum, all of them together', async () => {
    world.retention.longestExpirationTime = 604_800;

    const answer = await world.post(
      aBody({
        resultExpirationTime: { success: '8d', error: '7d', default: 0 },
        recordExpirationTime: '30d',
      }),
    );

    expect(problemIn(answer).faults).toEqual([
      '/resultExpirationTime/success retention.invalid',
      '/recordExpirationTime retention.invalid',
    ]);
  });

  it('refuses to pass its maximum by hand, and pins up to it', async () => {
    world.retention.longestExpirationTime = 604_800;
    world.addJob(aJob());

    expect(problemIn(await change({ resultExpirationTime: '8d' })).faults).toEqual([
      '/resultExpirationTime retention.invalid',
    ]);
    expect((await change({ pinned: true })).json).toMatchObject({
      resultExpiresAt: '2026-11-30T09:00:10Z',
    });
  });
});
