import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { archiveFileKey } from '#shared/domain/archive/archive-place.ts';
import type { ArchivedJob } from '#shared/domain/archive/restored-item.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { dayShard } from '#shared/domain/job/job-index.ts';
import { jobId } from '#shared/domain/job/job-key.ts';
import { aJob } from '#test/support/a-job.ts';
import { aPayload } from '#test/support/a-payload.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { ApiWorld, problemIn } from '#test/support/api-world.ts';

const DAY = '2026-11-23';
const NOW = FIRE_TIME + 40 * 86_400;
const WEEK = 7 * 86_400;

let world: ApiWorld;

beforeEach(() => {
  world = new ApiWorld();
  world.nowSeconds = NOW;
});

function archivedJob(scheduleId: string, changes: Partial<Job> = {}): Job {
  const key = { scheduleId, fireTime: '2026-11-23T09:00:00Z' };
  const { content: _c, resultExpiresAt: _r, expiresAt: _e, owner: _o, ...job } = aJob({ key });
  return {
    ...job,
    id: jobId(key),
    archiveDays: 365,
    expiryDay: `${DAY}#${dayShard(key)}`,
    expiryAt: '2026-11-23T10:00:02Z',
    ...changes,
  };
}

/** Puts jobs into the archive, in the file of the first one's shard. */
function archive(jobs: readonly ArchivedJob[], day = DAY, chunk = 0): void {
  const [first] = jobs;
  if (!first) return;
  const shard = dayShard(first.job.key);
  world.archived.set(archiveFileKey({ days: 365, day }, { shard, chunk }), jobs);
}

const withText = (job: Job, text = '{"rows":20}'): ArchivedJob => ({
  job,
  result: { kind: 'json', text },
});
const restore = (body: object, query = '') =>
  world.request('POST', `/v1/archive/restore${query}`, { body });
const one = (scheduleId: string) => ({
  jobId: `${scheduleId}@20261123T090000Z`,
  day: DAY,
  resultExpirationTime: '7d',
});

describe('POST /v1/archive/restore', () => {
  it('puts one job back with its result, and says that it was', async () => {
    archive([withText(archivedJob('daily-sales'))]);

    const answer = await restore(one('daily-sales'));
    const job = await world.request('GET', '/v1/jobs/daily-sales@20261123T090000Z');
    const result = await world.request('GET', '/v1/jobs/daily-sales@20261123T090000Z/result');

    expect(answer.json).toEqual({
      restored: 1,
      present: 0,
      resultExpiresAt: '2027-01-09T09:00:00Z',
      next: null,
    });
    expect(job.json).toMatchObject({
      outcome: 'success',
      finishedAt: '2026-11-23T09:00:02Z',
      restoredAt: '2027-01-02T09:00:00Z',
      retentionRule: 'job:restored',
      resultExpiresAt: '2027-01-09T09:00:00Z',
      archive: 'archive/keep=365d/day=2026-11-23/',
    });
    expect(result.json).toEqual({ rows: 20 });
  });

  it('puts a large result into the bucket again, for as long as the job is to stay', async () => {
    const text = JSON.stringify({ note: Array.from({ length: 9_000 }, (_, at) => at) });
    archive([withText(archivedJob('daily-sales'), text)]);

    await restore(one('daily-sales'));

    const [[key = '', bytes = new Uint8Array()] = []] = [...world.objects];
    expect(key).toMatch(/^results\/7d\/daily-sales\/20261123T090000Z\/1-[\w-]{12}$/);
    expect(gunzipSync(bytes).toString()).toBe(text);
    expect([...world.jobs.values()][0]?.content).toMatchObject({
      kind: 'payload',
      payload: { key, keptUntil: '2027-01-09T09:00:00Z' },
    });
  });

  it('copies a file back as it was', async () => {
    const { keptUntil: _, encoding: __, ...file } = aPayload({ type: 'text/csv', bytes: 11 });
    const key = 'archive/keep=365d/results/2026-11-23/daily-sales/20261123T090000Z';
    const result = { kind: 'object', payload: { ...file, key } } as const;
    archive([{ job: archivedJob('daily-sales'), result }]);

    await restore(one('daily-sales'));

    expect(world.copied).toEqual([
      { from: key, to: expect.stringMatching(/^results\/7d\/daily-sales\//) },
    ]);
    expect([...world.jobs.values()][0]?.content).toMatchObject({
      payload: { type: 'text/csv', bytes: 11, key: world.copied[0]?.to },
    });
  });

  it('puts the record alone back where there was no result, with the reason', async () => {
    const job = archivedJob('daily-sales', { resultState: 'too-large', resultBytes: 60_000_000 });
    archive([{ job, result: { kind: 'none' } }]);

    await restore(one('daily-sales'));

    const [row] = [...world.jobs.values()];
    expect(row).toMatchObject({ resultState: 'too-large', expiresAt: NOW + WEEK });
    expect(row).not.toHaveProperty('resultExpiresAt');
  });

  it('never touches a job that is there and has time left', async () => {
    const present = archivedJob('daily-sales', {
      content: { kind: 'text', text: '1' },
      resultExpiresAt: NOW + 1,
      expiresAt: NOW + 1,
    });
    world.addJob(present);
    archive([withText(archivedJob('daily-sales'))]);

    expect((await restore(one('daily-sales'))).json).toMatchObject({ restored: 0, present: 1 });
    expect([...world.jobs.values()]).toEqual([present]);
  });

  it('replaces one whose time is up while its row is still there, whose day need not be said', async () => {
    world.addJob(
      archivedJob('daily-sales', {
        content: { kind: 'text', text: '1' },
        resultExpiresAt: NOW - 86_400,
        expiresAt: NOW + 4 * 86_400,
      }),
    );
    archive([withText(archivedJob('daily-sales'))]);
    const { day: _, ...body } = one('daily-sales');

    expect((await restore(body)).json).toMatchObject({ restored: 1 });
    expect((await restore(body)).json).toMatchObject({ restored: 0, present: 1 });
  });

  it('leaves a job that is put back by someone else meanwhile', async () => {
    archive([withText(archivedJob('daily-sales'))]);
    world.beforeWrite = () => world.addJob(archivedJob('daily-sales'));

    expect((await restore(one('daily-sales'))).json).toMatchObject({ restored: 0, present: 1 });
  });

  it('puts back the jobs of one schedule over some days, and none of another', async () => {
    const other = (fireTime: string) => ({ key: { scheduleId: 'daily-sales', fireTime } });
    archive([withText(archivedJob('daily-sales')), withText(archivedJob('weekly-sales'))]);
    for (const day of ['2026-11-24', '2026-11-26']) {
      const { key } = other(`${day}T09:00:00Z`);
      archive([withText({ ...archivedJob('daily-sales'), key, id: jobId(key) })], day);
    }
    const body = { scheduleId: 'daily-sales', resultExpirationTime: WEEK };

    const answer = await restore({ ...body, from: DAY, to: '2026-11-25' });

    expect(answer.json).toMatchObject({ restored: 2, present: 0, next: null });
    expect([...world.jobs.keys()].toSorted()).toEqual([
      'daily-sales@20261123T090000Z',
      'daily-sales@20261124T090000Z',
    ]);
  });

  it('says where to go on after a thousand jobs, and after a hundred looks', async () => {
    const jobs = Array.from({ length: 1_300 }, (_, at) => {
      const fireTime = `2026-11-23T09:00:00Z~${String(at).padStart(26, '0')}`;
      const key = { scheduleId: 'daily-sales', fireTime };
      return withText({ ...archivedJob('daily-sales'), key, id: jobId(key) });
    });
    archive(jobs);
    const body = {
      scheduleId: 'daily-sales',
      from: DAY,
      to: '2027-01-02',
      resultExpirationTime: WEEK,
    };

    const first = await restore(body);
    const second = await restore({ ...body, cursor: Object(first.json).next });
    let last = second;
    for (let page = 0; page < 5 && Object(last.json).next !== null; page += 1)
      last = await restore({ ...body, cursor: Object(last.json).next });

    expect(first.json).toMatchObject({ restored: 1_000, next: expect.any(String) });
    expect(second.json).toMatchObject({ restored: 300, present: 0, next: expect.any(String) });
    expect(last.json).toMatchObject({ restored: 0, present: 0, next: null });
    expect(world.jobs.size).toBe(1_300);
  });

  it('counts what it would put back in a dry run, and writes nothing', async () => {
    archive([withText(archivedJob('daily-sales'))]);

    const { json } = await restore(one('daily-sales'), '?dryRun=true');

    expect(json).toMatchObject({ restored: 1, present: 0 });
    expect(world.jobs.size).toBe(0);
  });

  it('refuses a job that the archive does not have, or whose day nobody tells', async () => {
    expect(problemIn(await restore(one('daily-sales')))).toEqual({
      code: 'job.not-found',
      faults: [],
    });
    const { day: _, ...body } = one('daily-sales');
    expect(problemIn(await restore(body)).faults).toEqual(['/day field.invalid']);
  });

  it.each([
    [{ resultExpirationTime: 0 }, '/resultExpirationTime retention.invalid'],
    [{ resultExpirationTime: '11y' }, '/resultExpirationTime retention.invalid'],
    [{ to: '2026-11-22' }, '/to field.invalid'],
    [{ to: '2027-11-24' }, '/to field.invalid'],
    [{ from: '2026-02-30' }, '/from field.invalid'],
    [{ scheduleId: '#archive' }, '/scheduleId field.invalid'],
  ])('refuses a span with %j', async (changes, fault) => {
    const body = {
      scheduleId: 'daily-sales',
      from: DAY,
      to: DAY,
      resultExpirationTime: WEEK,
      ...changes,
    };

    expect(problemIn(await restore(body)).faults).toEqual([fault]);
  });

  it('refuses a time above the maximum of the stack, and a cursor of other jobs', async () => {
    world.retention.longestExpirationTime = 86_400;
    const body = { scheduleId: 'daily-sales', from: DAY, to: DAY, resultExpirationTime: 60 };

    expect(problemIn(await restore(one('daily-sales'))).faults).toEqual([
      '/resultExpirationTime retention.invalid',
    ]);
    expect(problemIn(await restore({ ...body, cursor: 'abc' })).code).toBe('cursor.invalid');
  });
});
