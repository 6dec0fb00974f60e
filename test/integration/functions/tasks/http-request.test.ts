import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { requestOverHttp, type Surroundings } from '#functions/tasks/http-request.ts';
import { describeError } from '#shared/domain/job/describe-error.ts';

/** What arrived, in order. */
const seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] =
  [];

let servers: Server[];
let port: number;
let otherPort: number;

type Route = (response: ServerResponse, request: IncomingMessage) => void;

const ROUTES: Readonly<Record<string, Route>> = {
  '/json': (response) =>
    response
      .writeHead(200, { 'content-type': 'application/json', 'set-cookie': 's=1', etag: '"7"' })
      .end('{"rows":[1,2]}'),
  '/text': (response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('hello'),
  '/binary': (response) => response.end(Buffer.from([0xff, 0xfe])),
  '/created': (response) => response.writeHead(201).end(),
  '/missing': (response) => response.writeHead(404).end('{"secret":"in the body"}'),
  '/gzip': (response) => coded(response, 'gzip', gzipSync('zipped')),
  '/brotli': (response) => coded(response, 'br', brotliCompressSync('zipped')),
  '/odd-coding': (response) => coded(response, 'compress', Buffer.from('as it came')),
  '/bomb': (response) => coded(response, 'gzip', gzipSync(Buffer.alloc(5_000_000))),
  '/broken-gzip': (response) => coded(response, 'gzip', Buffer.from('no gzip')),
  '/endless': (response) => {
    const write = () => void (response.destroyed || response.write('x'.repeat(65_536), write));
    write();
  },
  '/declared': (response, { method }) => {
    response.writeHead(200, { 'content-length': '2000000' });
    if (method === 'HEAD') response.end();
    else response.write('x');
  },
  '/cut': (response) => {
    response.writeHead(200, { 'content-length': '10' }).write('x', () => response.destroy());
  },
  '/slow': (response) => void response.write('begins and never ends'),
  '/silent': () => {},
  '/loop': (response) => response.writeHead(302, { location: '/loop' }).end(),
  '/to-text': (response) => response.writeHead(302, { location: '/text' }).end(),
  '/see-other': (response) => response.writeHead(303, { location: '/text' }).end(),
  '/again': (response) => response.writeHead(307, { location: '/text' }).end(),
  '/away': (response) =>
    response.writeHead(307, { location: `http://127.0.0.1:${otherPort}/text` }).end(),
  '/to-metadata': (response) =>
    response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end(),
  '/to-rebound': (response) =>
    response.writeHead(302, { location: `http://rebound.example:${otherPort}/text` }).end(),
  '/to-file': (response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/to-credentials': (response) =>
    response.writeHead(302, { location: `http://u:p@127.0.0.1:${port}/text` }).end(),
  '/three-away': (response) => response.writeHead(302, { location: '/two-away' }).end(),
  '/two-away': (response) => response.writeHead(301, { location: 'to-text' }).end(),
};

function coded(response: ServerResponse, coding: string, body: Buffer): void {
  response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': coding }).end(body);
}

async function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      (ROUTES[url.split('?')[0] ?? ''] ?? ROUTES['/missing'])?.(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

beforeAll(async () => {
  servers = await Promise.all([serve(), serve()]);
  [port = 0, otherPort = 0] = servers.map(portOf);
});

afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

beforeEach(() => void seen.splice(0));

/** Names that tests resolve; each call takes the next answer, and the last one stays. */
let answers: Record<string, string[][]> = {};
let lookups: string[] = [];

beforeEach(() => {
  answers = {};
  lookups = [];
});

const resolve: Surroundings['resolve'] = async (hostname) => {
  lookups.push(hostname);
  const rest = answers[hostname] ?? [];
  const addresses = (rest.length > 1 ? rest.shift() : rest[0]) ?? [];
  return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
};

interface Asked {
  readonly [member: string]: unknown;
  readonly path?: string;
}

/** Asks the first server, which is allowed as the stack would allow it, and nothing else on this machine. */
function ask(
  { path, ...input }: Asked,
  changes: Partial<Surroundings> & { signal?: AbortSignal } = {},
) {
  const { signal = new AbortController().signal, ...surroundings } = changes;
  const url = `http://127.0.0.1:${port}${path ?? '/'}`;
  return requestOverHttp(
    { input: { url, ...input }, signal },
    { resolve, isAllowedHost: ({ host }) => host === `127.0.0.1:${port}`, ...surroundings },
  );
}

/** What the job's error would say. */
function failureOf(asked: Asked, changes: Parameters<typeof ask>[1] = {}) {
  return ask(asked, changes).then(() => expect.fail('it went through'), describeError);
}

describe('http-request', () => {
  it('gives status, headers without secrets, and a body of JSON', async () => {
    const report = await ask({ path: '/json' });

    expect(report).toMatchObject({ status: 200, bodyKind: 'json', body: { rows: [1, 2] } });
    expect(report.headers).toMatchObject({ etag: '"7"', 'content-type': 'application/json' });
    expect(report.headers).not.toHaveProperty('set-cookie');
    expect(report.redirects).toEqual([]);
    expect(report.timing.totalMs).toBeGreaterThanOrEqual(report.timing.firstByteMs);
  });

  it.each([
    ['/text', { bodyKind: 'text', body: 'hello' }],
    ['/binary', { bodyKind: 'base64', body: '//4=' }],
    ['/created', { status: 201, bodyKind: 'none', body: null }],
    ['/gzip', { body: 'zipped' }],
    ['/brotli', { body: 'zipped' }],
    ['/odd-coding', { body: 'as it came' }],
  ])('gives the body of %s in the form that it says', async (path, expected) => {
    expect(await ask({ path })).toMatchObject(expected);
  });

  it('sends method, headers and body as they were given', async () => {
    await ask({
      path: '/text?q=1',
      method: 'PATCH',
      headers: { Authorization: 'Bearer 1', 'X-Trace': 't' },
      body: { a: 'ü' },
    });

    expect(seen).toMatchObject([
      {
        method: 'PATCH',
        url: '/text?q=1',
        headers: {
          authorization: 'Bearer 1',
          'x-trace': 't',
          'content-type': 'application/json; charset=utf-8',
          'content-length': '10',
          'user-agent': 'almanac-http-request',
        },
        body: '{"a":"ü"}',
      },
    ]);
  });

  it('reads no body of an answer to HEAD, whatever length it tells', async () => {
    expect(await ask({ path: '/declared', method: 'HEAD', maxBytes: 10 })).toMatchObject({
      status: 200,
      bodyKind: 'none',
      headers: { 'content-length': '2000000' },
    });
  });

  it('fails at a status that is not expected, and names it without the body', async () => {
    expect(await failureOf({ path: '/missing' })).toMatchObject({
      name: 'UnexpectedStatus',
      message: `Expected 127.0.0.1:${port} to answer 2xx, got 404.`,
    });
  });

  it('takes any status that the input expects', async () => {
    expect(await ask({ path: '/missing', expectStatus: [200, '4xx'] })).toMatchObject({
      status: 404,
    });
  });

  it.each([
    ['/endless', 'keeps coming'],
    ['/declared', 'says that it is longer'],
    ['/bomb', 'grows as it is decoded'],
  ])('gives up a body that is too large: %s, which %s', async (path) => {
    expect(await failureOf({ path, maxBytes: 100_000 })).toMatchObject({
      name: 'BodyTooLarge',
      message:
        "Expected a body of at most 100000 bytes, got more; the input's maxBytes can be raised.",
    });
  });

  it('takes a body of just the limit', async () => {
    expect(await ask({ path: '/text', maxBytes: 5 })).toMatchObject({ body: 'hello' });
  });

  it.each(['/cut', '/broken-gzip'])('fails where a body breaks off: %s', async (path) => {
    await expect(ask({ path })).rejects.toThrow();
  });

  it.each(['/silent', '/slow'])('ends at its timeout: %s', async (path) => {
    expect(await failureOf({ path, timeoutSeconds: 0.05 })).toMatchObject({
      name: 'RequestTimedOut',
      message: expect.stringContaining('to answer whole within 0.05 seconds'),
    });
  });

  it('stops at the signal of its job, with the reason of the signal', async () => {
    const controller = new AbortController();
    const silent = ask({ path: '/silent' }, { signal: controller.signal });

    controller.abort(new Error('time is up'));

    await expect(silent).rejects.toThrow('time is up');
  });

  it('says why nothing answered', async () => {
    const isAllowedHost = () => true;
    const failure = await failureOf({ url: 'http://127.0.0.1:1/' }, { isAllowedHost });

    expect(failure).toMatchObject({
      name: 'NoAnswer',
      message: expect.stringMatching(/^Expected 127\.0\.0\.1:1 to answer: .*ECONNREFUSED/),
    });
  });
});

describe('http-request, redirected', () => {
  it('follows, relative addresses too, and tells where it was led', async () => {
    const at = (path: string) => `http://127.0.0.1:${port}${path}`;

    expect(await ask({ path: '/three-away' })).toMatchObject({
      body: 'hello',
      redirects: [at('/two-away'), at('/to-text'), at('/text')],
    });
  });

  it('gives a loop up after the redirects that it may follow', async () => {
    expect(await failureOf({ path: '/loop' })).toMatchObject({
      name: 'TooManyRedirects',
      message: `Expected at most 5 redirects, got another at 127.0.0.1:${port}.`,
    });
    expect(seen).toHaveLength(6);
  });

  it('takes a redirect for the answer where it may follow none', async () => {
    expect(
      await ask({ path: '/to-text', followRedirects: 0, expectStatus: ['3xx'] }),
    ).toMatchObject({ status: 302, headers: { location: '/text' }, redirects: [] });
  });

  it.each([
    ['/to-text', 'GET', ''],
    ['/see-other', 'GET', ''],
    ['/again', 'POST', 'kept'],
  ])('after %s asks with %s', async (path, method, body) => {
    await ask({ path, method: 'POST', body: 'kept' });

    expect(seen[1]).toMatchObject({ method, url: '/text', body });
    expect('content-type' in (seen[1]?.headers ?? {})).toBe(body !== '');
  });

  it('keeps the headers of the user within an origin', async () => {
    await ask({ path: '/to-text', headers: { authorization: 'Bearer 1', 'x-api-key': '1' } });

    expect(seen[1]?.headers).toMatchObject({ authorization: 'Bearer 1', 'x-api-key': '1' });
  });

  it('takes no header of the user to another origin, but the type of a body that goes there', async () => {
    const isAllowedHost = () => true;
    const headers = { authorization: 'Bearer 1', cookie: 'a=1', 'x-api-key': '1' };
    await ask({ path: '/away', method: 'PUT', headers, body: 'kept' }, { isAllowedHost });

    expect(seen[1]).toMatchObject({ method: 'PUT', body: 'kept' });
    expect(Object.keys(seen[1]?.headers ?? {}).toSorted()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'content-length',
      'content-type',
      'host',
      'user-agent',
    ]);
  });

  it.each([
    ['/to-file', 'Expected an http or https address, got file:.'],
    ['/to-credentials', /to hold no credentials/],
  ])('does not follow %s', async (path, message) => {
    const failure = await failureOf({ path });

    expect(failure.name).toBe('RequestInvalid');
    expect(failure.message).toMatch(message);
    expect(seen).toHaveLength(1);
  });
});

describe('http-request, led to where it must not go', () => {
  it.each([
    'http://127.0.0.1:OTHER/text',
    'http://2130706433:OTHER/text',
    'http://0x7f000001:OTHER/text',
    'http://0:OTHER/text',
    'http://[::1]:OTHER/text',
    'http://[::ffff:127.0.0.1]:OTHER/text',
    'https://127.0.0.1:OTHER/text',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/latest/meta-data/',
  ])('refuses the address in %s', async (address) => {
    const failure = await failureOf({ url: address.replace('OTHER', String(otherPort)) });

    expect(failure.name).toBe('AddressRefused');
    expect(seen).toEqual([]);
  });

  it.each([
    [['127.0.0.1']],
    [['10.0.0.1']],
    [['::1']],
    [['93.184.216.34', '127.0.0.1']],
    [['::ffff:127.0.0.1']],
    [[]],
  ])('refuses a name that resolves to %j, without saying to what', async (addresses) => {
    answers = { 'inner.example': [addresses] };

    const failure = await failureOf({ url: `http://inner.example:${otherPort}/text` });

    expect(failure).toMatchObject({
      name: 'AddressRefused',
      message: expect.stringMatching(/^Expected inner\.example to lie on the public internet/),
    });
    expect(failure.message).not.toMatch(/127|10\.0|::/);
    expect(seen).toEqual([]);
  });

  it('refuses localhost by the resolver of the system', async () => {
    const { lookup } = await import('node:dns/promises');

    const failure = await failureOf(
      { url: `http://localhost:${otherPort}/text` },
      { resolve: lookup },
    );

    expect(failure.name).toBe('AddressRefused');
  });

  it.each(['/to-metadata', '/to-rebound'])('checks where a redirect leads: %s', async (path) => {
    answers = { 'rebound.example': [['127.0.0.1']] };

    expect(await failureOf({ path })).toMatchObject({ name: 'AddressRefused' });
    expect(seen).toHaveLength(1);
  });

  it('connects to the address that it checked, and asks for no other: a second answer is never heard', async () => {
    answers = { 'rebound.example': [['192.0.2.1'], ['127.0.0.1']] };
    const url = `http://rebound.example:${otherPort}/text`;

    // The first answer is of a documentation network, refused as well; were it looked up again, the server would be reached.
    expect(await failureOf({ url })).toMatchObject({ name: 'AddressRefused' });
    expect(lookups).toEqual(['rebound.example']);
    expect(seen).toEqual([]);
  });

  it('asks anew at every redirect: a name that has turned private since is refused', async () => {
    const isAllowedHost = ({ host }: URL) => host === `127.0.0.1:${port}`;
    answers = { 'rebound.example': [['169.254.169.254']] };

    await failureOf({ path: '/to-rebound' }, { isAllowedHost });
    await failureOf({ path: '/to-rebound' }, { isAllowedHost });

    expect(lookups).toEqual(['rebound.example', 'rebound.example']);
    expect(seen.map(({ url }) => url)).toEqual(['/to-rebound', '/to-rebound']);
  });

  it('looks a host that the stack allows up without a check', async () => {
    const isAllowedHost = ({ hostname }: URL) => hostname === 'localhost';

    expect(
      await ask({ url: `http://localhost:${otherPort}/text` }, { isAllowedHost }),
    ).toMatchObject({
      body: 'hello',
    });
    expect(lookups).toEqual([]);
  });
});
