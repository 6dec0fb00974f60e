import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { simulationResource } from '#shared/contracts/simulation.ts';
import { jobId } from '#shared/domain/job/job-key.ts';
import { aJob, aRunningJob } from '#test/support/a-job.ts';
import { aPayload } from '#test/support/a-payload.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { ApiWorld, aBody, problemIn } from '#test/support/api-world.ts';

let world: ApiWorld;

beforeEach(() => {
  world = new ApiWorld();
  world.nowSeconds = FIRE_TIME + 10;
});

describe('the shape of what is stored', () => {
  it('is part of a schedule, and taken back as it was given', async () => {
    const policies = {
      persist: 'on-change',
      select: 'rows[*].sku',
      redact: { drop: ['/password'], hash: ['/rows/*/email'] },
    };

    const { json } = await world.post(aBody(policies));
    const put = await world.request('PUT', '/v1/schedules/daily-sales', { body: json });

    expect(json).toMatchObject(policies);
    expect(put.json).toMatchObject(policies);
  });

  it('has the key made before a schedule or a job that hashes is written, and not for a dry run', async () => {
    const redact = { hash: ['/email'] };
    await world.request('POST', '/v1/schedules?dryRun=true', { body: aBody({ redact }) });
    await world.post(aBody({ redact: { drop: ['/email'] } }));
    expect(world.redactionKeysMade).toBe(0);

    await world.post(aBody({ id: 'hashing', redact }));
    await world.request('PUT', '/v1/schedules/daily-sales', { body: aBody({ redact }) });
    await world.request('POST', '/v1/jobs', { body: { task: 'anything', redact } });

    expect(world.redactionKeysMade).toBe(3);
  });

  it.each([
    [{ persist: 'sometimes' }, '/persist retention.invalid'],
    [{ select: 'a.b[' }, '/select select.invalid'],
    [{ select: '' }, '/select select.invalid'],
    [{ select: 'nothingOfThatName(@)' }, '/select select.invalid'],
    [{ select: 7 }, '/select select.invalid'],
    [{ select: `a${'.a'.repeat(600)}` }, '/select select.invalid'],
    [{ redact: { drop: ['email'] } }, '/redact/drop/0 redact.invalid'],
    [{ redact: { hash: ['/ok', '/~2'] } }, '/redact/hash/1 redact.invalid'],
    [{ redact: { hash: [''] } }, '/redact/hash/0 redact.invalid'],
    [{ redact: { drop: [] } }, '/redact/drop redact.invalid'],
    [{ redact: { mask: ['/a'] } }, '/redact/mask field.unknown'],
    [{ redact: ['/a'] }, '/redact redact.invalid'],
  ])('is refused as %j', async (policies, fault) => {
    const answer = await world.post(aBody(policies));

    expect(answer.status).toBe(422);
    expect(problemIn(answer).faults).toEqual([fault]);
  });
});

describe('POST /v1/retention/simulate', () => {
  const simulate = (body: unknown) => world.request('POST', '/v1/retention/simulate', { body });
  const sample = { total: 3, customer: { email: 'ada@example.com' } };

  it('tells what would be kept of a result, until when and by which rule, and stores nothing', async () => {
    const answer = await simulate({
      sample,
      resultExpirationTime: { success: '7d', default: 0 },
      redact: { hash: ['/customer/email'] },
      select: 'customer',
    });

    expect(answer.status).toBe(200);
    expect(simulationResource.parse(answer.json)).toEqual({
      resultState: 'stored',
      resultBytes: 39,
      storedBytes: 39,
      tier: 'row',
      result: { email: expect.stringMatching(/^hmac:/) },
      resultExpiresAt: '2026-11-30T09:00:10Z',
      expiresAt: '2026-11-30T09:00:10Z',
      retentionRule: 'schedule:success',
      warnings: [],
    });
    expect(world.redactionKeysMade).toBe(0);
    expect(world.jobs.size).toBe(0);
  });

  it('warns of pointers that lead to nothing', async () => {
    const { json } = await simulate({
      sample,
      resultExpirationTime: '1d',
      redact: { drop: ['/customer/emial', '/customer/email'] },
    });

    expect(json).toMatchObject({
      result: { total: 3, customer: {} },
      warnings: [
        { pointer: '/redact', code: 'redact.unmatched', detail: expect.stringContaining('emial') },
      ],
    });
  });

  it('says in which lifecycle class of the bucket a large result would lie', async () => {
    const rows = Array.from({ length: 4_000 }, (_, row) => `${Math.sin(row)}`);

    const { json } = await simulate({ sample: rows, resultExpirationTime: '20d' });

    expect(json).toMatchObject({ resultState: 'stored', tier: 's3', lifecycleDays: 30 });
  });

  it.each([
    [{ resultExpirationTime: 0 }, { resultState: 'off' }],
    [{ resultExpirationTime: '1d', persist: 'on-error' }, { resultState: 'not-selected' }],
    [{ resultExpirationTime: '1d', select: 'missing' }, { resultState: 'not-selected' }],
    [
      { resultExpirationTime: '1d', persist: 'on-change', previous: sample },
      { resultState: 'unchanged' },
    ],
    [
      { resultExpirationTime: '1d', persist: 'on-change', previous: { total: 4 } },
      { resultState: 'stored' },
    ],
    [
      { resultExpirationTime: { error: '9d', default: 0 }, outcome: 'error' },
      { expiresAt: '2026-12-02T09:00:10Z', retentionRule: 'schedule:error' },
    ],
  ])('tries %j', async (policies, expected) => {
    const { json } = await simulate({ sample, ...policies });

    expect(json).toMatchObject(expected);
  });

  it('brings in the defaults of a task', async () => {
    const { json } = await simulate({ sample, task: 'sales-report' });

    expect(json).toMatchObject({ resultState: 'off', retentionRule: 'stack:default' });
  });

  it('refuses all that a schedule would be refused for', async () => {
    const answer = await simulate({ task: 'none', resultExpirationTime: '7 days', select: '[' });

    expect(problemIn(answer).faults.toSorted()).toEqual([
      '/resultExpirationTime retention.invalid',
      '/sample field.invalid',
      '/select select.invalid',
    ]);
    expect(problemIn(await simulate({ task: 'none', sample })).faults).toEqual([
      '/task task.unknown',
    ]);
  });
});

describe('GET /v1/jobs/{id}/diff/{other}', () => {
  const jobAt = (minute: number, changes: Parameters<typeof aJob>[0]) => {
    const fireTime = `2026-11-23T09:0${minute}:00Z`;
    const job = aJob({ key: { scheduleId: 'daily-sales', fireTime }, ...changes });
    world.addJob(job);
    return job.id;
  };
  const text = (json: unknown) =>
    ({ content: { kind: 'text', text: JSON.stringify(json) } }) as const;
  const diff = (one: string, other: string) =>
    world.request('GET', `/v1/jobs/${one}/diff/${other}`);

  it('answers the steps from one result to another', async () => {
    const one = jobAt(1, text({ rows: [1, 2], total: 3 }));
    const other = jobAt(2, text({ rows: [1, 2, 3], total: 6 }));

    const answer = await diff(one, other);

    expect(answer.headers.get('content-type')).toBe('application/json-patch+json');
    expect(answer.json).toEqual([
      { op: 'add', path: '/rows/2', value: 3 },
      { op: 'replace', path: '/total', value: 6 },
    ]);
  });

  it('reads a result that lies in the bucket', async () => {
    const payload = aPayload({ bytes: 7 });
    world.objects.set(payload.key, gzipSync('{"a":1}'));
    const one = jobAt(1, { content: { kind: 'payload', payload } });

    expect((await diff(one, jobAt(2, text({ a: 1 })))).json).toEqual([]);
  });

  it.each([
    ['of another schedule', () => 'weekly@20261123T090000Z', '422 diff.other-schedule'],
    ['that is not there', () => 'daily-sales@20261123T080000Z', '404 job.not-found'],
    ['with no id', () => 'nothing', '404 job.not-found'],
    [
      'whose result has expired',
      () => jobAt(2, { resultExpiresAt: FIRE_TIME }),
      '410 result.expired',
    ],
    [
      'whose result is too large',
      () => jobAt(2, { content: { kind: 'payload', payload: aPayload({ bytes: 4_194_305 }) } }),
      '422 result.too-large',
    ],
    [
      'that runs',
      () => {
        world.addJob(aRunningJob());
        return jobId(aRunningJob().key);
      },
      '409 job.unfinished',
    ],
  ])('refuses a job %s', async (_, otherOf, refusal) => {
    const answer = await diff(jobAt(1, text(1)), otherOf());

    expect(`${answer.status} ${problemIn(answer).code}`).toBe(refusal);
  });
});
