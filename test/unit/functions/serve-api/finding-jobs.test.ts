import { beforeEach, describe, expect, it } from 'vitest';
import {
  jobResource,
  jobWithResult,
  listOf,
  settledJobResource,
} from '#shared/contracts/resources.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { jobId, jobKeyOf } from '#shared/domain/job/job-key.ts';
import { aJob, aRunningJob } from '#test/support/a-job.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { ApiWorld, aBody, problemIn } from '#test/support/api-world.ts';

let world: ApiWorld;

beforeEach(() => {
  world = new ApiWorld();
  world.nowSeconds = FIRE_TIME + 3_600;
});

const settledPage = listOf(settledJobResource);
const listAll = async (query = '') =>
  settledPage.parse((await world.request('GET', `/v1/jobs${query}`)).json);
const idsOf = async (query: string) => (await listAll(query)).data.map(({ id }) => id);

/** A job that finished so many minutes after {@link FIRE_TIME}. */
function finished(scheduleId: string, minutes: number, changes: Partial<Job> = {}): Job {
  const at = FIRE_TIME + minutes * 60;
  return aJob({
    key: jobKeyOf(scheduleId, at - 1),
    finishedAt: toIso(at),
    expiresAt: FIRE_TIME + 30 * 86_400,
    resultExpiresAt: FIRE_TIME + 30 * 86_400,
    ...changes,
  });
}

const idOf = (scheduleId: string, minutes: number) => finished(scheduleId, minutes).id;

describe('GET /v1/jobs', () => {
  it('lists what settled today, of all schedules, newest first, with what the index has', async () => {
    world.addJob(finished('b', 1, { metadata: { team: 'sales', more: {} } }));
    world.addJob(finished('a', 2));
    world.addJob(finished('yesterday', -24 * 60));
    world.addJob(aRunningJob({ id: 'running@20261123T090000Z' }));

    const { data, next } = await listAll();

    expect(data.map((job) => job.id)).toEqual([idOf('a', 2), idOf('b', 1)]);
    expect(data[1]).toEqual({
      id: 'b@20261123T090059Z',
      scheduleId: 'b',
      task: 'sales-report',
      fireTime: '2026-11-23T09:00:59Z',
      state: 'settled',
      outcome: 'success',
      attempt: 1,
      startedAt: '2026-11-23T09:00:01Z',
      finishedAt: '2026-11-23T09:01:00Z',
      durationMs: 640,
      resultState: 'stored',
      resultBytes: 11,
      resultExpiresAt: '2026-12-23T09:00:00Z',
      expiresAt: '2026-12-23T09:00:00Z',
      tags: ['team:sales'],
    });
    expect(next).toBeNull();
  });

  it.each([
    ['another day', '?day=2026-11-22', [idOf('old', -24 * 60)]],
    ['days from one on', '?from=2026-11-22', ['e', 'd', 'c', 'b', 'a', 'old']],
    ['days up to one', '?to=2026-11-22', [idOf('old', -24 * 60)]],
    [
      'instants, both included',
      '?from=2026-11-23T09:02:00Z&to=2026-11-23T09:04:00Z',
      ['d', 'c', 'b'],
    ],
    ['one outcome', '?outcome=missed', ['e']],
    ['several outcomes', '?outcome=error,missed', ['e', 'b']],
    ['failures', '?failed=true', ['e', 'b']],
    ['failures of one kind', '?failed=true&outcome=error', ['b']],
    ['a task', '?task=anything', ['c']],
    ['a tag', '?tag=team:sales', ['d']],
    ['a tag that is part of another', '?tag=team:sale', []],
    ['a long run', '?minDurationMs=5000', ['c']],
    ['a short run', '?maxDurationMs=4999&outcome=success', ['d', 'a']],
    ['a large result', '?minResultBytes=2000', ['d']],
    ['a small result', '?maxResultBytes=1999&outcome=success', ['c', 'a']],
    ['no result kept', '?resultState=off', ['e']],
    ['an indexed number', '?where=total>%3D10', ['d']],
    ['an indexed text', '?where=status%3Dok', ['d', 'c']],
    ['what looks like a number and is none', '?where=code%3D%2242%22', ['c']],
    ['several indexes', '?where=status%3Dok,total<10', ['c']],
    ['what an index is not', '?where=status!%3Dok', ['b']],
    ['an indexed boolean', '?where=done%3Dtrue', []],
  ])('finds by %s', async (_, query, expected) => {
    world.addJob(finished('old', -24 * 60));
    world.addJob(finished('a', 1));
    world.addJob(finished('b', 2, { outcome: 'error', indexes: { status: 'late', total: null } }));
    const indexes = { status: 'ok', total: 9, code: '42' };
    world.addJob(finished('c', 3, { task: 'anything', durationMs: 5_000, indexes }));
    const large = { resultBytes: 2_000, indexes: { status: 'ok', total: 10, code: 42 } };
    world.addJob(finished('d', 4, { metadata: { team: 'sales' }, ...large }));
    world.addJob(finished('e', 5, { outcome: 'missed', resultState: 'off' }));

    const found = await listAll(query);

    const isNamed = (name: string) => (job: { id: string; scheduleId: string }) =>
      job.scheduleId === name || job.id === name;
    expect(found.data.map((job) => expected.find((name) => isNamed(name)(job)))).toEqual(expected);
  });

  it('hides what has expired, though DynamoDB still has it', async () => {
    world.addJob(finished('gone', 1, { expiresAt: world.nowSeconds }));
    world.addJob(finished('there', 1, { expiresAt: world.nowSeconds + 1 }));

    expect(await idsOf('')).toEqual([idOf('there', 1)]);
  });

  it('goes on from page to page, over the days and over midnight', async () => {
    for (const minutes of [-1_500, -60, 0, 1, 2]) world.addJob(finished('a', minutes));

    const first = await listAll('?from=2026-11-22&limit=2');
    world.nowSeconds += 86_400;
    const second = await listAll(`?from=2026-11-22&limit=2&cursor=${first.next}`);
    const third = await listAll(`?from=2026-11-22&limit=2&cursor=${second.next}`);

    expect([first, second, third].flatMap(({ data }) => data.map((job) => job.id))).toEqual(
      [2, 1, 0, -60, -1_500].map((minutes) => idOf('a', minutes)),
    );
    expect(third.next).toBeNull();
  });

  it('goes on with the day that was today when it began', async () => {
    for (const minutes of [1, 2]) world.addJob(finished('a', minutes));

    const first = await listAll('?limit=1');
    world.nowSeconds += 86_400;

    expect(await idsOf(`?limit=1&cursor=${first.next}`)).toEqual([idOf('a', 1)]);
  });

  it('binds a cursor to its filters, but not to the length of a page', async () => {
    for (const minutes of [1, 2, 3]) world.addJob(finished('a', minutes));
    const { next } = await listAll('?outcome=success&limit=1');

    expect(await idsOf(`?outcome=success&limit=5&explain=true&cursor=${next}`)).toHaveLength(2);
    const other = await world.request('GET', `/v1/jobs?outcome=error&cursor=${next}`);
    expect(problemIn(other).code).toBe('cursor.invalid');
  });

  it('says what a page cost where it is asked', async () => {
    world.addJob(finished('a', 1));

    expect((await listAll('?explain=true')).explain).toEqual({
      requests: 16,
      itemsRead: 1,
      readUnits: 8,
    });
    expect(await listAll()).not.toHaveProperty('explain');
  });

  it.each([
    ['?limit=0', ['/limit field.invalid']],
    ['?limit=101', ['/limit field.invalid']],
    ['?outcome=succes', ['/outcome field.invalid']],
    ['?outcome=', ['/outcome field.invalid']],
    ['?failed=yes', ['/failed field.invalid']],
    ['?failed=true&outcome=success', ['/outcome field.invalid']],
    ['?task=no%20task', ['/task task.unknown']],
    ['?tag=sales', ['/tag field.invalid']],
    ['?tag=a:b%0Ac:d', ['/tag field.invalid']],
    ['?day=23.11.2026', ['/day field.invalid']],
    ['?day=2026-11-31', ['/day field.invalid']],
    ['?day=2026-11-23&from=2026-11-22', ['/day field.invalid']],
    ['?from=2026-11-23&to=2026-11-22', ['/to field.invalid']],
    ['?from=2026-08-24&to=2026-11-24', ['/to field.invalid']],
    ['?minDurationMs=-1', ['/minDurationMs field.invalid']],
    ['?minDurationMs=NaN', ['/minDurationMs field.invalid']],
    ['?minDurationMs=2&maxDurationMs=1', ['/maxDurationMs field.invalid']],
    ['?minResultBytes=2&maxResultBytes=1', ['/maxResultBytes field.invalid']],
    ['?resultState=lost', ['/resultState field.invalid']],
    ['?explain=please', ['/explain field.invalid']],
    ['?where=', ['/where field.invalid']],
    ['?where=total', ['/where field.invalid']],
    ['?where=1total>2', ['/where field.invalid']],
    ['?where=a%3D1,b%3D1,c%3D1,d%3D1', ['/where field.invalid']],
    ['?where=total>99999999999999999999', ['/where field.invalid']],
    ['?limit=x&from=2026-11-23&to=2026-11-22', ['/limit field.invalid', '/to field.invalid']],
  ])('refuses %s', async (query, faults) => {
    const answer = await world.request('GET', `/v1/jobs${query}`);

    expect(answer.status).toBe(422);
    expect(problemIn(answer)).toEqual({ code: 'request.invalid', faults });
  });

  it('reads 92 days, and no more', async () => {
    const answer = await world.request('GET', '/v1/jobs?from=2026-08-24&to=2026-11-23');

    expect(answer.status).toBe(200);
  });

  it('refuses a range without an end that has become too long', async () => {
    const answer = await world.request('GET', '/v1/jobs?from=2026-08-01');

    expect(problemIn(answer).faults).toEqual(['/from field.invalid']);
  });
});

describe('GET /v1/schedules/{id}/jobs with filters', () => {
  const page = listOf(jobResource);
  const list = async (query: string) =>
    page
      .parse((await world.request('GET', `/v1/schedules/daily-sales/jobs${query}`)).json)
      .data.map(({ fireTime }) => fireTime.slice(11, 16));
  const at = (hour: number, changes: Partial<Job> = {}) =>
    aJob({
      key: jobKeyOf('daily-sales', FIRE_TIME + hour * 3_600),
      expiresAt: FIRE_TIME + 30 * 86_400,
      resultExpiresAt: FIRE_TIME + 86_400,
      ...changes,
    });

  it.each([
    ['?from=2026-11-23T10:00:00Z', ['12:00', '11:00', '10:00']],
    ['?to=2026-11-23T10:00:00Z', ['10:00', '09:00']],
    ['?from=2026-11-23T10:00:00Z&to=2026-11-23T11:00:00Z', ['11:00', '10:00']],
    ['?to=2026-11-22', []],
    ['?outcome=error', ['10:00']],
    ['?failed=true', ['10:00']],
    ['?tag=team:sales', ['11:00']],
    ['?expiringBefore=2026-11-23T23:00:00Z', ['09:00']],
    ['?expiringBefore=2026-11-24T09:00:01Z', ['12:00', '11:00', '09:00']],
  ])('finds by %s', async (query, expected) => {
    await world.post(aBody());
    world.addJob(at(0, { resultExpiresAt: FIRE_TIME + 7_200 }));
    const { resultExpiresAt: _, ...failed } = at(1, { outcome: 'error' });
    world.addJob(failed);
    world.addJob(at(2, { metadata: { team: 'sales' } }));
    world.addJob(at(3));

    expect(await list(query)).toEqual(expected);
  });

  it('finds a manual job by the second of its fire time', async () => {
    const fireTime = `2026-11-23T09:00:00Z~${'Z'.repeat(26)}`;
    world.addJob(at(0, { key: { scheduleId: 'daily-sales', fireTime } }));

    expect(await list('?from=2026-11-23T09:00:00Z&to=2026-11-23T09:00:00Z')).toEqual(['09:00']);
  });

  it.each([
    ['?from=2026-11-24&to=2026-11-23', ['/to field.invalid']],
    ['?expiringBefore=soon', ['/expiringBefore field.invalid']],
    ['?outcome=lost', ['/outcome field.invalid']],
  ])('refuses %s', async (query, faults) => {
    const answer = await world.request('GET', `/v1/schedules/daily-sales/jobs${query}`);

    expect(problemIn(answer)).toEqual({ code: 'request.invalid', faults });
  });
});

describe('GET /v1/schedules/{id}/latest', () => {
  const latest = (query = '', headers = {}) =>
    world.request('GET', `/v1/schedules/daily-sales/latest${query}`, { headers });
  const at = (hour: number, changes: Partial<Job> = {}) =>
    aJob({ key: jobKeyOf('daily-sales', FIRE_TIME + hour * 3_600), ...changes });

  it('gives the newest job that has settled, with its result', async () => {
    world.addJob(at(-1));
    world.addJob(at(0));
    const key = jobKeyOf('daily-sales', FIRE_TIME + 1_800);
    world.addJob(aRunningJob({ key, id: jobId(key) }));

    const answer = await latest();

    expect(answer.status).toBe(200);
    expect(jobWithResult.parse(answer.json)).toMatchObject({
      id: 'daily-sales@20261123T090000Z',
      result: { rows: 20 },
    });
    expect(answer.headers.get('cache-control')).toBe('private, no-cache');
  });

  it('looks back for an outcome past others', async () => {
    world.addJob(at(-1));
    world.addJob(at(0, { outcome: 'error' }));

    expect((await latest('?outcome=success')).json).toMatchObject({
      id: 'daily-sales@20261123T080000Z',
    });
  });

  it('leaves out a fire time that was skipped beforehand', async () => {
    world.addJob(at(0));
    world.addJob(at(24, { outcome: 'skipped', expiresAt: FIRE_TIME + 90_000 }));

    expect((await latest()).json).toMatchObject({ id: 'daily-sales@20261123T090000Z' });
  });

  it('hides a result from its expiry on, under another ETag', async () => {
    world.addJob(at(0));
    const before = await latest();
    world.nowSeconds = FIRE_TIME + 3_602;

    const after = await latest();

    expect(jobWithResult.parse(after.json)).not.toHaveProperty('result');
    expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'));
  });

  it.each([
    ['its ETag', (etag: string) => etag, 304],
    ['several', (etag: string) => `"other", W/${etag}`, 304],
    ['any', () => '*', 304],
    ['another', () => '"other"', 200],
  ])('answers to a caller who has %s', async (_, ifNoneMatch, status) => {
    world.addJob(at(0));
    const etag = (await latest()).headers.get('etag') ?? '';

    const answer = await latest('', { 'if-none-match': ifNoneMatch(etag) });

    expect(answer.status).toBe(status);
    expect(answer.headers.get('etag')).toBe(etag);
    expect(answer.text === '').toBe(status === 304);
  });

  it('tells a schedule without such a job from none', async () => {
    expect(problemIn(await latest()).code).toBe('schedule.not-found');
    await world.post(aBody());

    expect(problemIn(await latest()).code).toBe('job.not-found');
    expect(problemIn(await latest('?outcome=lost')).faults).toEqual(['/outcome field.invalid']);
  });
});

describe('indexes of a schedule', () => {
  it('are shown as they were declared', async () => {
    const indexes = { status: 'status', total: 'sum(rows[].amount)' };

    const answer = await world.post(aBody({ indexes }));

    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({ indexes });
  });

  it.each([
    ['a path that does not parse', { a: 'rows[' }, ['/indexes/a index.invalid']],
    ['an unknown function', { a: 'total(rows)' }, ['/indexes/a index.invalid']],
    ['an empty path', { a: '' }, ['/indexes/a index.invalid']],
    ['a path too long', { a: 'x'.repeat(257) }, ['/indexes/a index.invalid']],
    ['a name too long', { ['a'.repeat(25)]: 'x' }, [`/indexes/${'a'.repeat(25)} index.invalid`]],
    ['a name with a blank', { 'a b': 'x' }, ['/indexes/a b index.invalid']],
    ['more than three', { a: 'a', b: 'b', c: 'c', d: 'd' }, ['/indexes index.invalid']],
    ['a list', ['a'], ['/indexes index.invalid']],
  ])('are refused with %s', async (_, indexes, faults) => {
    expect(problemIn(await world.post(aBody({ indexes })))).toEqual({
      code: 'request.invalid',
      faults,
    });
  });

  it('are refused for a job without a schedule by the same rules', async () => {
    const body = { task: 'anything', indexes: { a: 'rows[' } };

    expect(problemIn(await world.request('POST', '/v1/jobs', { body })).faults).toEqual([
      '/indexes/a index.invalid',
    ]);
  });
});
