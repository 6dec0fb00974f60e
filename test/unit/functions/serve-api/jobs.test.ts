import { zstdCompressSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { jobResource, listOf } from '#shared/contracts/resources.ts';
import { taskResource } from '#shared/contracts/task-resource.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { jobKeyOf } from '#shared/domain/job/job-key.ts';
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
const result = () => world.request('GET', `${JOB}/result`);

const payload = aPayload();

/** A settled job that has nothing to show. */
function withoutResult(changes: Partial<Job>): Job {
  const { content: _c, resultExpiresAt: _r, resultBytes: _b, ...job } = aJob();
  return { ...job, ...changes };
}

describe('GET /v1/jobs/{id}', () => {
  it('shows a job without its result and without who ran it', async () => {
    world.addJob(aJob({ metadata: { team: 'sales' } }));

    const answer = await world.request('GET', JOB);

    expect(jobResource.parse(answer.json)).toEqual({
      id: 'daily-sales@20261123T090000Z',
      scheduleId: 'daily-sales',
      task: 'sales-report',
      fireTime: '2026-11-23T09:00:00Z',
      state: 'settled',
      outcome: 'success',
      attempt: 1,
      revision: 1,
      startedAt: '2026-11-23T09:00:01Z',
      finishedAt: '2026-11-23T09:00:02Z',
      durationMs: 640,
      resultState: 'stored',
      resultBytes: 11,
      resultExpiresAt: '2026-11-23T10:00:02Z',
      expiresAt: '2026-11-23T10:16:00Z',
      metadata: { team: 'sales' },
    });
  });

  it('shows why a job failed', async () => {
    const error = { name: 'TypeError', message: 'no rows', stack: 'at run' };
    world.addJob(withoutResult({ outcome: 'error', error }));

    const answer = await world.request('GET', JOB);

    expect(jobResource.parse(answer.json)).toMatchObject({ outcome: 'error', error });
  });

  it('finds a manual job by its id', async () => {
    const fireTime = `2026-11-23T09:00:00Z~${'0'.repeat(26)}`;
    world.addJob(aJob({ key: { scheduleId: 'daily-sales', fireTime } }));

    const answer = await world.request('GET', `${JOB}~${'0'.repeat(26)}`);

    expect(jobResource.parse(answer.json).fireTime).toBe('2026-11-23T09:00:00Z');
  });

  it('hides a job from its expiry on, though DynamoDB still has it', async () => {
    world.addJob(aJob());
    world.nowSeconds = FIRE_TIME + 4_560;

    const answer = await world.request('GET', JOB);

    expect(answer.status).toBe(404);
    expect(problemIn(answer).code).toBe('job.not-found');
  });
});

describe('GET /v1/jobs/{id}/result', () => {
  it('gives a result from its row, to be kept no longer than it is', async () => {
    world.addJob(aJob());
    world.nowSeconds = FIRE_TIME + 3_600;

    const answer = await result();

    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({ rows: 20 });
    expect(answer.headers.get('cache-control')).toBe('private, max-age=2');
  });

  it('gives a compressed result as it was', async () => {
    const data = zstdCompressSync(JSON.stringify({ rows: ['ä', 'b'] }));
    world.addJob(aJob({ content: { kind: 'zstd', data } }));

    expect((await result()).json).toEqual({ rows: ['ä', 'b'] });
  });

  it('leads to a large result by a link of five minutes', async () => {
    world.addJob(aJob({ content: { kind: 'payload', payload } }));

    const answer = await result();

    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(
      `https://bucket.example/${payload.key}?seconds=300`,
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.text).toBe('');
  });

  it('makes no link that holds beyond the expiry', async () => {
    world.addJob(aJob({ content: { kind: 'payload', payload } }));
    world.nowSeconds = FIRE_TIME + 3_600;

    await result();

    expect(world.links).toEqual([{ key: payload.key, seconds: 2, signedAt: FIRE_TIME + 3_600 }]);
  });

  it.each([['running'], ['retrying'], ['queued']] as const)(
    'answers 202 with the job and when to ask again while it is %s',
    async (state) => {
      world.addJob(aRunningJob({ state }));

      const answer = await result();

      expect(answer.status).toBe(202);
      expect(answer.headers.get('retry-after')).toBe('2');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(jobResource.parse(answer.json).state).toBe(state);
    },
  );

  it.each([
    ['a second before', 3_601, 200],
    ['at', 3_602, 410],
    ['after', 86_400, 410],
  ])('answers %s the expiry, while the row is there, with %3$i', async (_, seconds, status) => {
    world.addJob(aJob());
    world.nowSeconds = FIRE_TIME + seconds;

    const answer = await result();

    expect(answer.status).toBe(status);
    expect(answer.text.includes('"rows"')).toBe(status === 200);
  });

  it('says of an expired result how to keep the next ones longer', async () => {
    world.addJob(aJob());
    world.nowSeconds = FIRE_TIME + 3_602;

    const answer = await result();

    expect(problemIn(answer).code).toBe('result.expired');
    expect(answer.text).toContain('resultExpirationTime');
  });

  it.each<[string, Job, string]>([
    ['keeps none', withoutResult({ resultState: 'off' }), 'set `resultExpirationTime`'],
    [
      'could not write it',
      withoutResult({ resultState: 'unserializable', resultReason: 'it is circular' }),
      'it is circular',
    ],
    [
      'failed',
      withoutResult({ outcome: 'error', error: { name: 'Error', message: 'no rows' } }),
      'no rows',
    ],
    ['was missed', withoutResult({ outcome: 'missed', attempt: 0 }), 'ended as missed'],
    [
      'failed in a whole sentence',
      withoutResult({ outcome: 'error', error: { name: 'Error', message: 'No rows came.' } }),
      'got none: No rows came."',
    ],
  ])('tells that there is no result, and why, where the job %s', async (_, job, why) => {
    world.addJob(job);

    const answer = await result();

    expect(answer.status).toBe(404);
    expect(problemIn(answer).code).toBe('result.not-stored');
    expect(answer.text).toContain(why);
  });

  it('does not find a job that kept nothing once its record has expired', async () => {
    world.addJob(withoutResult({ resultState: 'off' }));
    world.nowSeconds = FIRE_TIME + 4_560;

    expect(problemIn(await result()).code).toBe('job.not-found');
  });
});

describe('GET /v1/schedules/{id}/jobs', () => {
  beforeEach(async () => {
    for (const hour of ['07', '08', '09'])
      world.addJob(
        aJob({ key: { scheduleId: 'daily-sales', fireTime: `2026-11-23T${hour}:00:00Z` } }),
      );
  });

  const page = listOf(jobResource);
  const list = async (query = '') =>
    page.parse((await world.request('GET', `/v1/schedules/daily-sales/jobs${query}`)).json);

  it('lists jobs, newest first, page by page', async () => {
    const first = await list('?limit=2');
    const second = await list(`?limit=2&cursor=${first.next}`);

    expect(first.data.map(({ fireTime }) => fireTime)).toEqual([
      '2026-11-23T09:00:00Z',
      '2026-11-23T08:00:00Z',
    ]);
    expect(second.data.map(({ fireTime }) => fireTime)).toEqual(['2026-11-23T07:00:00Z']);
    expect(second.next).toBeNull();
  });

  it('looks past what has expired, for as many as it was asked for', async () => {
    for (let minute = 0; minute < 50; minute += 1) {
      const key = jobKeyOf('daily-sales', FIRE_TIME + 60 + minute);
      world.addJob(aJob({ key, expiresAt: FIRE_TIME }));
    }

    const { data } = await list('?limit=2');

    expect(data.map(({ fireTime }) => fireTime)).toEqual([
      '2026-11-23T09:00:00Z',
      '2026-11-23T08:00:00Z',
    ]);
  });

  it('may be empty while it goes on, where 1,000 rows have expired', async () => {
    for (let minute = 0; minute < 1_000; minute += 1) {
      const key = jobKeyOf('daily-sales', FIRE_TIME + 60 + minute);
      world.addJob(aJob({ key, expiresAt: FIRE_TIME }));
    }

    const first = await list('?explain=true');

    expect(first.data).toEqual([]);
    expect(first.explain?.itemsRead).toBe(1_000);
    expect((await list(`?cursor=${first.next}`)).data).toHaveLength(3);
  });

  it('lists the jobs of a schedule that was deleted', async () => {
    await world.post(aBody());
    await world.request('DELETE', '/v1/schedules/daily-sales');

    expect((await list()).data).toHaveLength(3);
  });

  it('is empty for a schedule that has not fired', async () => {
    await world.post(aBody({ id: 'new' }));

    const answer = await world.request('GET', '/v1/schedules/new/jobs');

    expect(answer.json).toEqual({ data: [], next: null });
  });
});

describe('GET /v1/tasks', () => {
  it('lists the tasks by id', async () => {
    const answer = await world.request('GET', '/v1/tasks');

    const { data, next } = listOf(taskResource).parse(answer.json);
    expect(data.map(({ id }) => id)).toEqual(['anything', 'legacy-report', 'sales-report']);
    expect(next).toBeNull();
  });
});
