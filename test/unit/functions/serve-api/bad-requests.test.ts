import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toCursor } from '#functions/serve-api/cursor.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { ApiWorld, aBody, problemIn } from '#test/support/api-world.ts';

let world: ApiWorld;

beforeEach(() => {
  world = new ApiWorld();
});

/** Whatever is wrong with a request, nothing of it remains. */
afterEach(() => {
  expect([...world.schedules.definitions.keys()]).toEqual([]);
  expect([...world.schedules.states.keys()]).toEqual([]);
  expect(world.sent).toEqual([]);
  expect(world.reported).toEqual([]);
});

const MINUTE = FIRE_TIME - (FIRE_TIME % 60);
const cron = (expression: string, more = {}) => ({
  trigger: { kind: 'cron', expression, timeZone: 'UTC', ...more },
});
const iso = (instant: number) => new Date(instant * 1000).toISOString();

describe('POST /v1/schedules', () => {
  it.each([
    ['what is not JSON', '{"id": ', '400 body.malformed'],
    ['nothing', '', '400 body.malformed'],
    ['JSON that is nested 101 deep', `${'['.repeat(101)}${']'.repeat(101)}`, '400 body.malformed'],
    ['a number beyond 64 bits', '{"input": {"rows": 1e400}}', '400 body.malformed'],
    ['a member `__proto__`', '{"input": {"__proto__": {}}}', '400 body.malformed'],
    ['a byte more than 256 KB', `"${'x'.repeat(262_143)}"`, '413 body.too-large'],
    ['null', 'null', '422 request.invalid'],
    ['a list', '[]', '422 request.invalid'],
    ['a text', '"daily-sales"', '422 request.invalid'],
  ])('refuses %s', async (_, body, refusal) => {
    const answer = await world.post(body);

    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(`${answer.status} ${problemIn(answer).code}`).toBe(refusal);
  });

  it('refuses bytes that are not UTF-8', async () => {
    const response = await world.api.request('/v1/schedules', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Uint8Array.from([0x22, 0xff, 0x22]),
    });

    expect(response.status).toBe(400);
  });

  it('reads a body of exactly 256 KB', async () => {
    const answer = await world.post(`"${'x'.repeat(262_142)}"`);

    expect(problemIn(answer).code).toBe('request.invalid');
  });

  it.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['application/jsonp'],
    ['text/json'],
    [''],
  ])('refuses the content type %j', async (contentType) => {
    const answer = await world.post(aBody(), { 'content-type': contentType });

    expect(answer.status).toBe(415);
    expect(problemIn(answer).code).toBe('body.media-type');
  });

  it('refuses a body without a content type', async () => {
    const response = await world.api.request('/v1/schedules', {
      method: 'POST',
      body: new TextEncoder().encode(JSON.stringify(aBody())),
    });

    expect(response.status).toBe(415);
  });

  it('reports all faults together, each with its pointer and code', async () => {
    const answer = await world.post({
      id: '-daily',
      task: 'sales-report',
      trigger: { kind: 'cron', expression: 'cron(0 25 * * ? *)', timeZone: 'Europe/Nowhere' },
      input: { rows: 'many', 'a/b~c': 1 },
      resultExpirationTime: { success: -1, failure: 1, default: '7d' },
      recordExpirationTime: null,
      timeout: 901,
      retry: { maxAttempts: 0, factor: 'two' },
      metadata: { note: 'x'.repeat(1_025) },
      owner: 'me',
      'x/y': 1,
    });

    expect(answer.status).toBe(422);
    expect(problemIn(answer).faults.toSorted()).toEqual([
      '/id id.invalid',
      '/input/a~1b~0c input.invalid',
      '/input/rows input.invalid',
      '/metadata field.invalid',
      '/owner field.unknown',
      '/recordExpirationTime retention.invalid',
      '/resultExpirationTime/failure field.unknown',
      '/resultExpirationTime/success retention.invalid',
      '/retry/factor field.invalid',
      '/retry/maxAttempts field.invalid',
      '/timeout field.invalid',
      '/trigger/expression trigger.invalid',
      '/trigger/timeZone trigger.time-zone',
      '/x~1y field.unknown',
    ]);
  });

  it('says of each fault what it expected and what it got', async () => {
    const answer = await world.post(aBody({ resultExpirationTime: 'NaN', retry: [], id: 7 }));

    expect(answer.json).toMatchObject({
      type: 'urn:almanac:problem:request.invalid',
      title: 'The request has faults',
      status: 422,
      errors: [
        { detail: 'Expected `id` to be a string, got 7.' },
        {
          detail:
            'Expected `resultExpirationTime` to be 0 to 315360000 seconds, as a number, "7d" or ISO 8601, or an object of these with `default`, got "NaN".',
        },
        { detail: 'Expected `retry` to be an object, got [].' },
      ],
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['an id of 65 characters', { id: 'x'.repeat(65) }, '/id id.invalid'],
    ['an id with a slash', { id: 'a/b' }, '/id id.invalid'],
    ['an empty id', { id: '' }, '/id id.invalid'],
    ['an id that is null', { id: null }, '/id id.invalid'],
    ['an id with a line break', { id: 'daily\n' }, '/id id.invalid'],
    ['no task', { task: undefined }, '/task task.unknown'],
    ['an unknown task', { task: 'sales' }, '/task task.unknown'],
    ['an empty task', { task: '' }, '/task task.unknown'],
    ['no trigger', { trigger: undefined }, '/trigger trigger.invalid'],
    ['a trigger that is a list', { trigger: [] }, '/trigger trigger.invalid'],
    ['an unknown kind of trigger', { trigger: { kind: 'moon' } }, '/trigger/kind trigger.invalid'],
    ['a malformed expression', cron('cron(0 9 * *)'), '/trigger/expression trigger.invalid'],
    ['a field out of range', cron('cron(60 9 * * ? *)'), '/trigger/expression trigger.invalid'],
    [
      'a date that never comes',
      cron('cron(0 9 30 2 ? *)'),
      '/trigger/expression trigger.never-fires',
    ],
    ['a year that has passed', cron('cron(0 9 1 1 ? 2020)'), '/trigger trigger.never-fires'],
    [
      'an unknown time zone',
      cron('cron(0 9 * * ? *)', { timeZone: 'Mars/Olympus' }),
      '/trigger/timeZone trigger.time-zone',
    ],
    [
      'a field that triggers do not have',
      cron('cron(0 9 * * ? *)', { zone: 'UTC' }),
      '/trigger/zone field.unknown',
    ],
    [
      '`once` in the past',
      { trigger: { kind: 'once', at: iso(FIRE_TIME - 1) } },
      '/trigger/at trigger.past',
    ],
    [
      '`once` at this very second',
      { trigger: { kind: 'once', at: iso(FIRE_TIME) } },
      '/trigger/at trigger.past',
    ],
    [
      'an end that has passed',
      cron('cron(0 9 * * ? *)', { endAt: iso(FIRE_TIME - 60) }),
      '/trigger/endAt trigger.past',
    ],
    [
      'an interval of 59 seconds',
      { trigger: { kind: 'interval', every: 59 } },
      '/trigger/every trigger.too-frequent',
    ],
    [
      'a combination that never agrees',
      {
        trigger: {
          kind: 'all',
          of: [
            { kind: 'interval', every: 60, startAt: iso(MINUTE) },
            { kind: 'interval', every: 60, startAt: iso(MINUTE + 30) },
          ],
        },
      },
      '/trigger trigger.max-iterations',
    ],
    [
      'a grace time beyond the window',
      { misfireGraceTime: 121, catchUpWindow: 120 },
      '/misfireGraceTime field.invalid',
    ],
    [
      'a grace time beyond the default window',
      { misfireGraceTime: 3_601 },
      '/misfireGraceTime field.invalid',
    ],
    [
      'a grace time of less than a minute',
      { misfireGraceTime: 59 },
      '/misfireGraceTime field.invalid',
    ],
    ['a coalesce that is not one', { coalesce: 'none' }, '/coalesce field.invalid'],
    ['an overlap that is not one', { overlap: 'buffer-two' }, '/overlap field.invalid'],
    ['a schedule without a job', { maxJobs: 0 }, '/maxJobs field.invalid'],
    ['a row of no failures', { pauseAfterFailures: 0 }, '/pauseAfterFailures field.invalid'],
    ['a row of 101 failures', { pauseAfterFailures: 101 }, '/pauseAfterFailures field.invalid'],
    ['half a failure', { pauseAfterFailures: 1.5 }, '/pauseAfterFailures field.invalid'],
    [
      'a row of two daily failures whose records are kept for a day each',
      { pauseAfterFailures: 2 },
      '/pauseAfterFailures field.invalid',
    ],
    [
      'a row of failures whose records are kept for less than those of successes',
      { pauseAfterFailures: 2, resultExpirationTime: { success: '7d', default: '1d' } },
      '/pauseAfterFailures field.invalid',
    ],
    [
      'a negative expiration time',
      { resultExpirationTime: -1 },
      '/resultExpirationTime retention.invalid',
    ],
    [
      'an expiration time of null',
      { resultExpirationTime: null },
      '/resultExpirationTime retention.invalid',
    ],
    [
      'an expiration time with a fraction',
      { resultExpirationTime: 1.5 },
      '/resultExpirationTime retention.invalid',
    ],
    ['"7 days"', { resultExpirationTime: '7 days' }, '/resultExpirationTime retention.invalid'],
    [
      'a second over ten years',
      { resultExpirationTime: 315_360_001 },
      '/resultExpirationTime retention.invalid',
    ],
    ['"NaN"', { resultExpirationTime: 'NaN' }, '/resultExpirationTime retention.invalid'],
    [
      'expiration times without a default',
      { resultExpirationTime: { success: 60 } },
      '/resultExpirationTime/default retention.invalid',
    ],
    [
      'a list of expiration times',
      { resultExpirationTime: [60] },
      '/resultExpirationTime retention.invalid',
    ],
    ['a window of 59 seconds', { catchUpWindow: 59 }, '/catchUpWindow field.invalid'],
    ['an input that is no object', { input: 'all' }, '/input input.invalid'],
    ['an input that is null', { input: null }, '/input input.invalid'],
    ['metadata that is a list', { metadata: [] }, '/metadata field.invalid'],
  ])('refuses %s', async (_, changes, fault) => {
    const answer = await world.post(aBody(changes));

    expect(answer.status).toBe(422);
    expect(problemIn(answer)).toEqual({ code: 'request.invalid', faults: [fault] });
  });

  it('refuses an input of more than 240 KB as EventBridge stores it', async () => {
    const markup = '<'.repeat(41_000);

    const answer = await world.post(aBody({ task: 'anything', input: { markup } }));

    expect(problemIn(answer).faults).toEqual(['/input input.too-large']);
  });

  it('refuses a dryRun that is neither true nor false', async () => {
    const answer = await world.request('POST', '/v1/schedules?dryRun=yes', { body: aBody() });

    expect(problemIn(answer).faults).toEqual(['/dryRun field.invalid']);
  });
});

describe('addresses', () => {
  it.each([
    ['GET', '/v1/schedules/nightly', 'schedule.not-found'],
    ['GET', '/v1/schedules/%FF', 'schedule.not-found'],
    ['GET', '/v1/schedules/..%2F..', 'schedule.not-found'],
    ['DELETE', '/v1/schedules/nightly', 'schedule.not-found'],
    ['GET', '/v1/schedules/nightly/jobs', 'schedule.not-found'],
    ['GET', '/v1/jobs/nightly', 'job.not-found'],
    ['GET', '/v1/jobs/nightly@20261123T090000Z', 'job.not-found'],
    ['GET', '/v1/jobs/nightly@20261332T090000Z', 'job.not-found'],
    ['GET', '/v1/jobs/nightly@20261123T090000Z/result', 'job.not-found'],
    ['GET', '/v1/nothing', 'route.unknown'],
    ['GET', '/v1/jobs//result', 'route.unknown'],
    ['GET', '/v2/schedules', 'route.unknown'],
    ['GET', '/', 'route.unknown'],
  ])('%s %s is not there', async (method, path, code) => {
    const answer = await world.request(method, path);

    expect(answer.status).toBe(404);
    expect(problemIn(answer).code).toBe(code);
  });

  it.each(['', '/jobs'])('no schedule has an id too long for a key, nor its %j', async (rest) => {
    const answer = await world.request('GET', `/v1/schedules/${'x'.repeat(3_000)}${rest}`);

    expect(answer.status).toBe(404);
    expect(problemIn(answer).code).toBe('schedule.not-found');
  });

  it('replaces nothing at an id that is not there', async () => {
    const answer = await world.request('PUT', '/v1/schedules/nightly', {
      body: aBody({ id: undefined }),
    });

    expect(answer.status).toBe(404);
  });

  it.each([
    ['PATCH', '/v1/schedules', 'GET, POST'],
    ['DELETE', '/v1/schedules/', 'GET, POST'],
    ['POST', '/v1/schedules/nightly', 'GET, PUT, PATCH, DELETE'],
    ['POST', '/v1/schedules/nightly/jobs', 'GET'],
    ['POST', '/v1/jobs/x', 'GET'],
    ['PUT', '/v1/health', 'GET'],
  ])('%s %s is answered with the methods that are', async (method, path, allow) => {
    const answer = await world.request(method, path);

    expect(answer.status).toBe(405);
    expect(problemIn(answer).code).toBe('method.not-allowed');
    expect(answer.headers.get('allow')).toBe(allow);
  });
});

describe('lists', () => {
  it.each(['0', '101', '-1', 'all', '1e2', '', '9999'])('refuse the limit %j', async (limit) => {
    const answer = await world.request('GET', `/v1/schedules?limit=${limit}`);

    expect(problemIn(answer)).toEqual({
      code: 'request.invalid',
      faults: ['/limit field.invalid'],
    });
  });

  const key = async () => new Uint8Array(32);
  const schedules = JSON.stringify(['/v1/schedules', []]);
  const changed = (cursor: string, at: number) => {
    const bytes = Buffer.from(cursor, 'base64url');
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    return bytes.toString('base64url');
  };

  it.each([
    ['text', async () => 'here'],
    ['nothing', async () => ''],
    ['a place without a signature', async () => Buffer.from('daily-sales').toString('base64url')],
    ['a signature without a place', async () => toCursor(schedules, '', key)],
    ['a changed place', async () => changed(await toCursor(schedules, 'daily-sales', key), 20)],
    ['a changed signature', async () => changed(await toCursor(schedules, 'daily-sales', key), 3)],
    ['another key', () => toCursor(schedules, 'a', async () => new Uint8Array(32).fill(1))],
    ['another list', () => toCursor(JSON.stringify(['/v1/jobs', []]), 'daily-sales', key)],
    ['the same bytes in another text', async () => `${await toCursor(schedules, 'a', key)}=`],
  ])('refuse a cursor of %s', async (_, given) => {
    const answer = await world.request('GET', `/v1/schedules?cursor=${await given()}`);

    expect(answer.status).toBe(400);
    expect(problemIn(answer).code).toBe('cursor.invalid');
  });

  it('take a cursor as it was given', async () => {
    const cursor = await toCursor(schedules, 'daily-sales', key);

    const answer = await world.request('GET', `/v1/schedules?cursor=${cursor}&limit=3`);

    expect(answer.status).toBe(200);
  });

  it('refuse a cursor of more than 2,048 characters', async () => {
    const answer = await world.request('GET', `/v1/schedules?cursor=${'x'.repeat(2_049)}`);

    expect(problemIn(answer).faults).toEqual(['/cursor field.invalid']);
  });
});
