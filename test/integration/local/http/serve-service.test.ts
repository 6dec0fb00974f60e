import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Activity } from '#local/activity.ts';
import { LocalClock } from '#local/clock.ts';
import { createFaults } from '#local/faults.ts';
import { type Listener, listen } from '#local/http/listen.ts';
import { RequestLog } from '#local/http/request-log.ts';
import { serveService } from '#local/http/serve-service.ts';
import type { Authorizer } from '#local/iam/caller.ts';
import { createCallers } from '#local/iam/callers.ts';
import {
  type LocalService,
  type Operation,
  ServiceFault,
  type WireRequest,
} from '#local/services/local-service.ts';

const START = Date.UTC(2030, 0, 2, 3, 4, 5);
const ROLE = {
  kind: 'role',
  roleArn: 'arn:aws:iam::000000000000:role/r',
  actor: 'runner',
} as const;

const grantsOnlyRead: Authorizer = {
  decide: (caller, { action }) =>
    caller.kind === 'operator' || action === 'sqs:Read'
      ? { kind: 'allowed' }
      : { kind: 'denied', message: `may not ${action}` },
};

/** Echoes what it is asked on `/echo`; each other path behaves as its name says. */
function aService(carryOut: Record<string, (request: WireRequest) => Operation>): LocalService {
  return {
    name: 'sqs',
    maxBodyBytes: 10,
    route: (request) => {
      const operation = carryOut[request.path]?.(request);
      if (!operation) throw new ServiceFault('NoSuchOperation', request.path, { status: 404 });
      return operation;
    },
    renderFault: (fault) => ({
      status: fault.status,
      headers: { 'x-code': fault.code },
      body: fault.message,
    }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

describe('serveService', () => {
  const activity = new Activity();
  const context = {
    clock: new LocalClock(activity, START),
    activity,
    callers: createCallers(),
    authorizer: grantsOnlyRead,
    faults: createFaults(),
    requests: new RequestLog(),
  };
  const kill = vi.fn();
  let invocation = 'first';
  const credentials = context.callers.issue({ ...ROLE, kill, invocation: () => invocation });
  const signed = {
    authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/20300102/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0`,
  };
  const written: string[] = [];
  let waiting = Promise.withResolvers<void>();
  let listener: Listener;

  beforeEach(async () => {
    context.requests.reset();
    written.length = 0;
    waiting = Promise.withResolvers<void>();
    kill.mockClear();
    invocation = 'first';
    listener = await listen(0);
    const service = aService({
      '/echo': ({ method, query, headers, body, caller }) => ({
        name: 'Echo',
        permissions: [],
        run: () => ({
          status: 201,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            method,
            query: [...query],
            header: headers['x-twice'],
            body: body.toString(),
            caller: caller.kind,
          }),
        }),
      }),
      '/write': () => ({
        name: 'Write',
        permissions: [
          { action: 'sqs:Read', resource: '*' },
          { action: 'sqs:Write', resource: '*' },
        ],
        run: () => {
          written.push('written');
          return { status: 200 };
        },
      }),
      '/break': () => ({
        name: 'Break',
        permissions: [],
        run: () => {
          throw new TypeError('a defect');
        },
      }),
      '/garble': () => ({
        name: 'Garble',
        permissions: [],
        run: () => ({ status: 200, headers: { 'x-line': 'one\ntwo' } }),
      }),
      '/wait': () => ({
        name: 'Wait',
        permissions: [],
        isWaiting: true,
        run: () => waiting.promise.then(() => ({ status: 200, body: activity.underWay().join() })),
      }),
      '/work': () => ({
        name: 'Work',
        permissions: [],
        run: () => waiting.promise.then(() => ({ status: 200 })),
      }),
    });
    listener.attach(serveService(service, context));
  });
  afterEach(() => listener[Symbol.asyncDispose]());

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(listener.url + path, { headers });
  const put = (path: string, body: string) =>
    fetch(listener.url + path, { method: 'PUT', headers: signed, body });

  it('hands the service the method, query, joined headers and body as they came', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const request = httpRequest(
        `${listener.url}/echo?a=1&a=2%203`,
        { method: 'PUT', headers: { 'x-twice': ['one', 'two'] } },
        (response) => response.setEncoding('utf8').once('data', resolve),
      );
      request.once('error', reject).end('hello');
    });

    expect(JSON.parse(answer)).toEqual({
      method: 'PUT',
      query: [
        ['a', '1'],
        ['a', '2 3'],
      ],
      header: 'one,two',
      body: 'hello',
      caller: 'operator',
    });
  });

  it('dates its answers by the clock, not by this machine', async () => {
    const answer = await get('/echo');

    expect(answer.headers.get('date')).toBe('Wed, 02 Jan 2030 03:04:05 GMT');
    expect(answer.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('knows a caller by the access key of a header or of a presigned query', async () => {
    const presigned = `X-Amz-Credential=${credentials.accessKeyId}%2F20300102%2Fus-east-1`;

    expect(await (await get('/echo', signed)).json()).toMatchObject({ caller: 'role' });
    expect(await (await get(`/echo?${presigned}`)).json()).toMatchObject({ caller: 'role' });
    expect(await (await get('/echo?X-Amz-Credential=test/x')).json()).toMatchObject({
      caller: 'operator',
    });
  });

  it('refuses a body over the bound in the words of the service', async () => {
    const announced = await fetch(`${listener.url}/echo`, { method: 'POST', body: '12345678901' });
    const streamed = await fetch(`${listener.url}/echo`, {
      method: 'POST',
      body: new Blob(['123456', '78901']).stream(),
      duplex: 'half',
    });
    const exact = await fetch(`${listener.url}/echo`, { method: 'POST', body: '1234567890' });

    expect([announced.status, announced.headers.get('x-code')]).toEqual([
      413,
      'RequestEntityTooLarge',
    ]);
    expect(streamed.status).toBe(413);
    expect(exact.status).toBe(201);
  });

  it('refuses a role what any of the permissions does not grant, without running the call', async () => {
    const refused = await get('/write', signed);

    expect([refused.status, refused.headers.get('x-code')]).toEqual([403, 'AccessDenied']);
    expect(await refused.text()).toBe('may not sqs:Write');
    expect(written).toEqual([]);
    expect((await get('/write')).status).toBe(200);
  });

  it('answers what the service does not know in its own words', async () => {
    const answer = await get('/nowhere');

    expect([answer.status, answer.headers.get('x-code')]).toEqual([404, 'NoSuchOperation']);
  });

  it('answers an unexpected exception with a 500 and goes on', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue();

    const answer = await get('/break');

    expect([answer.status, answer.headers.get('x-code')]).toEqual([500, 'InternalServerError']);
    expect(log).toHaveBeenCalledOnce();
    expect((await get('/echo')).status).toBe(201);
    log.mockRestore();
  });

  it('answers a bare 500 where the answer cannot be sent', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue();

    const answer = await get('/garble');

    expect([answer.status, await answer.text()]).toEqual([500, '']);
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
  });

  it('counts each known call by caller and operation, granted or not', async () => {
    await get('/echo');
    await get('/echo');
    await get('/write', signed);
    await get('/nowhere');

    expect(context.requests.snapshot()).toEqual([
      { caller: 'operator', service: 'sqs', operation: 'Echo', count: 2 },
      { caller: 'runner', service: 'sqs', operation: 'Write', count: 1 },
    ]);
  });

  it('lets a listener read the answers while it listens', async () => {
    const seen: unknown[] = [];
    const stop = context.requests.subscribe(({ operation, status, responseBody }) =>
      seen.push([operation, status, responseBody]),
    );
    await get('/write', signed);
    stop();
    await get('/write', signed);

    expect(seen).toEqual([['Write', 403, 'may not sqs:Write']]);
  });

  it('meets a fault before the call has its effect, or after', async () => {
    const fault = { service: 'sqs', operation: 'Write', nth: 1, do: 'error' } as const;
    context.faults.add({ ...fault, when: 'before' });
    const before = await get('/write');
    const effectsBefore = written.length;
    context.faults.add({ ...fault, when: 'after' });
    const after = await get('/write');

    expect([before.status, before.headers.get('x-code')]).toEqual([500, 'InternalServerError']);
    expect([effectsBefore, after.status, written.length]).toEqual([0, 500, 1]);
    expect((await get('/write')).status).toBe(200);
  });

  it('refuses a throttled call in the words of the service', async () => {
    context.faults.add({
      service: 'sqs',
      operation: 'Write',
      nth: 1,
      when: 'before',
      do: 'throttle',
    });
    const throttled = await get('/write');

    expect([throttled.status, throttled.headers.get('x-code')]).toEqual([400, 'RequestThrottled']);
    expect(written).toEqual([]);
  });

  it('tells faults which invocation a call is made by, and what it mentions', async () => {
    const fault = { service: 'sqs', operation: 'Echo', when: 'before', do: 'error' } as const;
    context.faults.add({ ...fault, nth: 1, about: 'one', isLasting: true });
    const statuses: number[] = [];
    for (const body of ['one', 'two', 'one']) statuses.push((await put('/echo', body)).status);
    invocation = 'second';
    statuses.push((await put('/echo', 'one')).status);

    expect(statuses).toEqual([500, 201, 500, 201]);
  });

  it('closes the connection of a dropped call, and ends the process of a killed one', async () => {
    const fault = { service: 'sqs', operation: 'Echo', nth: 1, when: 'after' } as const;
    context.faults.add({ ...fault, do: 'drop' });
    await expect(get('/echo', signed)).rejects.toThrow('fetch failed');
    const killsAfterDrop = kill.mock.calls.length;
    context.faults.add({ ...fault, caller: 'runner', do: 'kill' });
    const other = await get('/echo');
    await expect(get('/echo', signed)).rejects.toThrow('fetch failed');

    expect([killsAfterDrop, other.status, kill.mock.calls.length]).toEqual([0, 201, 1]);
  });

  it('is under way, named, until a call has been answered', async () => {
    const answer = get('/work', signed);
    await vi.waitFor(() => expect(activity.underWay()).toEqual(['sqs Work by runner']));
    waiting.resolve();
    await answer;

    await activity.settle();
    expect(activity.underWay()).toEqual([]);
  });

  it('is not under way while a long poll waits', async () => {
    const answer = get('/wait', signed);
    await vi.waitFor(() => expect(context.requests.snapshot()).toHaveLength(1));

    await activity.settle();
    expect(activity.underWay()).toEqual([]);
    waiting.resolve();
    expect((await answer).status).toBe(200);
  });

  it('ends the activity of a client that goes away in the middle of its body', async () => {
    const request = httpRequest(`${listener.url}/echo`, {
      method: 'PUT',
      headers: { 'content-length': 9 },
    });
    request.on('error', () => undefined);
    request.write('half');
    await vi.waitFor(() => expect(activity.underWay()).toEqual(['sqs request']));
    request.destroy();

    await activity.settle();
    expect(activity.underWay()).toEqual([]);
  });
});
