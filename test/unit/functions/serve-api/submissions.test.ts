import { beforeEach, describe, expect, it } from 'vitest';
import { jobId, parseJobId } from '#shared/domain/job/job-key.ts';
import { keyOfStart } from '#shared/domain/job/start.ts';
import { aJob } from '#test/support/a-job.ts';
import { ApiWorld, aBody, problemIn } from '#test/support/api-world.ts';

let world: ApiWorld;

beforeEach(async () => {
  world = new ApiWorld();
  await world.post(aBody({ input: { rows: 7 }, resultExpirationTime: '1h', metadata: { a: 1 } }));
});

const direct = (body: unknown, headers: Record<string, string> = {}, query = '') =>
  world.request('POST', `/v1/jobs${query}`, { body, headers });
const run = (body?: unknown, headers: Record<string, string> = {}) =>
  world.request('POST', '/v1/schedules/daily-sales/run', {
    headers,
    ...(body !== undefined && { body }),
  });
const submittedStart = () => {
  const [start] = world.submitted;
  if (!start) throw new Error('Expected a submitted start, got none.');
  return start;
};
const idIn = ({ json }: { readonly json: unknown }) => String(Object(json).id);

describe('POST /v1/jobs', () => {
  it('answers the queued job, which can be read at once', async () => {
    const answer = await direct({ task: 'anything', input: [1], metadata: { team: 'sales' } });

    expect(answer.status).toBe(202);
    expect(answer.json).toMatchObject({
      scheduleId: 'task:anything',
      task: 'anything',
      fireTime: '2026-11-23T09:00:00Z',
      state: 'queued',
      attempt: 0,
      metadata: { team: 'sales' },
    });
    expect(idIn(answer)).toMatch(/^task:anything@20261123T090000Z~[0-9A-Z]{26}$/);
    expect(answer.headers.get('location')).toBe(`/v1/jobs/${idIn(answer)}`);
    expect((await world.request('GET', `/v1/jobs/${idIn(answer)}`)).json).toEqual(answer.json);
  });

  it('is started with the policies of the body, and those of the task where it states none', async () => {
    await direct({ task: 'sales-report', resultExpirationTime: '1d', startDeadline: '90s' });

    expect(world.submitted).toMatchObject([
      {
        revision: 0,
        attempt: 1,
        deliverBy: '2026-11-23T09:01:30Z',
        input: {},
        policy: { resultExpirationTime: 86_400, retry: { maxAttempts: 2 } },
      },
    ]);
  });

  it.each([
    [{ task: 'nobody' }, ['/task task.unknown']],
    [
      { task: 'sales-report', input: { rows: -1, x: 1 } },
      ['/input/x input.invalid', '/input/rows input.invalid'],
    ],
    [{ task: 'anything', startDeadline: '2d' }, ['/startDeadline field.invalid']],
    [{ task: 'anything', trigger: {} }, ['/trigger field.unknown']],
    [{ task: 'anything', input: '<'.repeat(50_000) }, ['/input input.too-large']],
  ])('refuses %.80j', async (body, faults) => {
    const answer = await direct(body);

    expect(answer.status).toBe(422);
    expect(problemIn(answer).faults.toSorted()).toEqual(faults.toSorted());
    expect(world.submitted).toEqual([]);
  });

  it('writes nothing with dryRun', async () => {
    const answer = await direct({ task: 'anything' }, {}, '?dryRun=true');

    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ state: 'queued' });
    expect(world.submitted).toEqual([]);
  });
});

describe('POST /v1/schedules/{id}/run', () => {
  it("takes the schedule's overlap, or the one of the request", async () => {
    await world.request('PUT', '/v1/schedules/daily-sales', { body: aBody({ overlap: 'skip' }) });

    await run();
    await run({ overlap: 'allow-all' });
    const refused = await run({ overlap: 'none' });

    expect(world.submitted.map(({ policy }) => policy.overlap)).toEqual(['skip', 'allow-all']);
    expect(problemIn(refused).faults).toEqual(['/overlap field.invalid']);
  });

  it('runs the schedule as it is, without a body', async () => {
    const answer = await run();

    expect(answer.status).toBe(202);
    expect(idIn(answer)).toMatch(/^daily-sales@20261123T090000Z~[0-9A-Z]{26}$/);
    expect(world.submitted).toMatchObject([
      {
        scheduleId: 'daily-sales',
        revision: 1,
        input: { rows: 7 },
        metadata: { a: 1 },
        deliverBy: '2026-11-23T09:10:00Z',
        policy: { resultExpirationTime: 3_600 },
      },
    ]);
  });

  it('takes another input, checked by the schema of the task', async () => {
    expect((await run({ input: { rows: 1 } })).status).toBe(202);
    expect(world.submitted).toMatchObject([{ input: { rows: 1 } }]);

    expect(problemIn(await run({ input: { rows: 'many' } })).faults).toEqual([
      '/input/rows input.invalid',
    ]);
    expect(problemIn(await run({ rows: 1 })).faults).toEqual(['/rows field.unknown']);
  });

  it('runs a paused schedule too', async () => {
    await world.request('POST', '/v1/schedules/daily-sales/pause');

    expect((await run()).status).toBe(202);
  });

  it('finds no schedule that is not there', async () => {
    const answer = await world.request('POST', '/v1/schedules/nobody/run');

    expect(problemIn(answer).code).toBe('schedule.not-found');
  });
});

describe('an Idempotency-Key', () => {
  const KEY = { 'idempotency-key': 'monday' };

  it('lets a repeated request find the job of the first, as it is by now', async () => {
    const first = await run(undefined, KEY);
    world.nowSeconds += 3_600;
    world.addJob(aJob({ key: parseJobId(idIn(first)) ?? keyOfStart(submittedStart()) }));

    const second = await run(undefined, KEY);

    expect(world.submitted).toHaveLength(1);
    expect(idIn(second)).toBe(idIn(first));
    expect(second.status).toBe(200);
    expect(second.json).toMatchObject({ state: 'settled' });
  });

  it('makes the end of the job id, the same for the same caller, address and key', async () => {
    const suffix = idIn(await run(undefined, KEY)).split('~')[1];
    const another = idIn(await run(undefined, { 'idempotency-key': 'tuesday' })).split('~')[1];
    const elsewhere = idIn(await direct({ task: 'anything' }, KEY)).split('~')[1];

    expect(suffix).toMatch(/^[0-9A-Z]{26}$/);
    expect(new Set([suffix, another, elsewhere]).size).toBe(3);
  });

  it('is refused for another request', async () => {
    await run({ input: { rows: 1 } }, KEY);

    const answer = await run({ input: { rows: 2 } }, KEY);

    expect(answer.status).toBe(422);
    expect(problemIn(answer).code).toBe('idempotency-key.reused');
  });

  it('is forgotten after a day', async () => {
    await run(undefined, KEY);
    world.nowSeconds += 86_400;
    await run(undefined, KEY);

    expect(new Set(world.submitted.map((start) => jobId(keyOfStart(start)))).size).toBe(2);
  });

  it('does not run a job again whose record has expired', async () => {
    const first = await run(undefined, KEY);
    world.jobs.delete(idIn(first));

    expect(problemIn(await run(undefined, KEY)).code).toBe('job.not-found');
    expect(world.submitted).toHaveLength(1);
  });

  it.each(['', 'k'.repeat(256)])('is refused where it is %j', async (key) => {
    expect(problemIn(await run(undefined, { 'idempotency-key': key })).code).toBe(
      'request.invalid',
    );
  });
});

describe('Prefer: wait', () => {
  const settleSoon = (changes: Parameters<typeof aJob>[0]) => {
    world.meanwhile = () => {
      if (world.slept.length < 3) return;
      const key = keyOfStart(submittedStart());
      world.addJob(aJob({ key, ...changes }));
    };
  };

  it('answers the settled job with its result, the digits as the task wrote them', async () => {
    settleSoon({ content: { kind: 'text', text: '{"total":0.10,"id":12345678901234567890}' } });

    const answer = await direct({ task: 'anything' }, { prefer: 'respond-async, wait=20' });

    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ state: 'settled', outcome: 'success' });
    expect(answer.text).toContain('"result":{"total":0.10,"id":12345678901234567890}}');
    expect(world.slept).toEqual([200, 300, 450]);
  });

  it('answers a failed job with its error, and no result', async () => {
    const { content: _, ...failed } = aJob({
      outcome: 'error',
      error: { name: 'Error', message: 'no' },
    });
    world.meanwhile = () => {
      const key = keyOfStart(submittedStart());
      world.addJob({ ...failed, key, id: jobId(key) });
    };

    const answer = await direct({ task: 'anything' }, { prefer: 'wait=1' });

    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ outcome: 'error', error: { message: 'no' } });
    expect(answer.json).not.toHaveProperty('result');
  });

  it.each([
    ['wait=2', 2_000],
    ['wait=600', 25_000],
  ])('gives up after %s, 25 s at most, with the job as it is', async (prefer, milliseconds) => {
    const answer = await direct({ task: 'anything' }, { prefer });

    const waited = world.slept.reduce((sum, step) => sum + step, 0);
    expect(answer.status).toBe(202);
    expect(waited).toBeGreaterThanOrEqual(milliseconds);
    expect(waited).toBeLessThan(milliseconds + 1_000);
  });

  it.each(['respond-async', 'wait=soon', 'xwait=5', ''])(
    'waits for nothing with %j',
    async (prefer) => {
      await direct({ task: 'anything' }, { prefer });

      expect(world.slept).toEqual([]);
    },
  );
});
