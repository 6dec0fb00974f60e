import { beforeEach, describe, expect, it } from 'vitest';
import { ApiWorld, aBody, problemIn } from '#test/support/api-world.ts';

const RUNNERS = {
  retry: { maxAttempts: 3 },
  timeout: 30,
  maxJitter: 60,
  misfireGraceTime: 120,
  overlap: 'skip',
  indexes: { rows: 'rows' },
  metrics: [{ name: 'rows', path: 'rows' }],
  metricsExpirationTime: '90d',
};

let world: ApiWorld;

beforeEach(() => {
  world = new ApiWorld();
});

describe('the API, of a task whose function was adopted', () => {
  it.each(Object.entries(RUNNERS))('refuses %s, which nobody would heed', async (name, value) => {
    const answer = await world.post(aBody({ task: 'legacy-report', [name]: value }));

    expect(problemIn(answer)).toEqual({
      code: 'request.invalid',
      faults: [`/${name} field.invalid`],
    });
  });

  it('reports them together with what else is wrong', async () => {
    const grace = { misfireGraceTime: 4_000 };

    const answer = await world.post(aBody({ task: 'legacy-report', ...RUNNERS, ...grace }));

    expect(problemIn(answer).faults).toEqual([
      '/retry field.invalid',
      '/timeout field.invalid',
      '/maxJitter field.invalid',
      '/misfireGraceTime field.invalid',
      '/overlap field.invalid',
      '/indexes field.invalid',
      '/metrics field.invalid',
      '/metricsExpirationTime field.invalid',
      '/misfireGraceTime field.invalid',
    ]);
  });

  it('takes what is decided before its start, or after its end', async () => {
    const heeded = {
      resultExpirationTime: '7d',
      recordExpirationTime: '30d',
      catchUpWindow: '2h',
      coalesce: 'latest',
      maxJobs: 10,
      pauseAfterFailures: 3,
    };

    const { status } = await world.post(aBody({ task: 'legacy-report', ...heeded }));

    expect(status).toBe(201);
  });

  it('refuses them for a job without a schedule too', async () => {
    const body = { task: 'legacy-report', retry: RUNNERS.retry, timeout: 30 };

    const answer = await world.request('POST', '/v1/jobs', { body });

    expect(problemIn(answer).faults).toEqual(['/retry field.invalid', '/timeout field.invalid']);
  });

  it('refuses an overlap for one run as well', async () => {
    await world.post(aBody({ task: 'legacy-report' }));

    const answer = await world.request('POST', '/v1/schedules/daily-sales/run', {
      body: { overlap: 'skip' },
    });

    expect(problemIn(answer).faults).toEqual(['/overlap field.invalid']);
  });

  it('says in the list of tasks which one is adopted', async () => {
    const { json } = await world.request('GET', '/v1/tasks');

    expect(json).toMatchObject({
      data: [
        { id: 'anything', isAdopted: false },
        { id: 'legacy-report', isAdopted: true },
        { id: 'sales-report', isAdopted: false },
      ],
    });
  });
});
