import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkUptime } from '#functions/tasks/uptime-check.ts';
import { describeError } from '#shared/domain/job/describe-error.ts';

let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/moved') response.writeHead(302, { location: '/' }).end();
    else if (request.url === '/broken') response.writeHead(503).end('down');
    else if (request.url !== '/silent') response.end('hello');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function check(input: unknown, signal = new AbortController().signal) {
  return checkUptime({ input, signal });
}

describe('uptime-check', () => {
  it('tells how a page answered, and how fast', async () => {
    const report = await check({ url });

    expect(report).toMatchObject({ url, status: 200, ok: true, redirected: false, bodyBytes: 5 });
    expect(report.timing.totalMs).toBeGreaterThanOrEqual(report.timing.firstByteMs);
  });

  it('tells of a status that is an error, as the page did answer', async () => {
    expect(await check({ url: `${url}/broken` })).toMatchObject({ status: 503, ok: false });
  });

  it('follows a redirect and says so', async () => {
    expect(await check({ url: `${url}/moved` })).toMatchObject({ status: 200, redirected: true });
  });

  it('fails where nothing answers, in words that say why', async () => {
    const failure = await check({ url: 'http://127.0.0.1:1/' }).catch(describeError);

    expect(failure).toMatchObject({ message: expect.stringMatching(/^fetch failed: .+/) });
  });

  it('gives up at its own timeout', async () => {
    const silent = check({ url: `${url}/silent`, timeoutSeconds: 0.02 });

    await expect(silent).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('stops at the signal of its job', async () => {
    const controller = new AbortController();
    const silent = check({ url: `${url}/silent` }, controller.signal);

    controller.abort(new Error('time is up'));

    await expect(silent).rejects.toThrow('time is up');
  });

  it.each([null, {}, { url: 'example.com' }, { url: 'file:///etc/passwd' }])(
    'refuses the input %j',
    async (input) => {
      await expect(check(input)).rejects.toThrow(/Expected url to be an http or https address/);
    },
  );
});
