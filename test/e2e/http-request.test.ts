import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type CloudPlay, playOnCloud } from '#test/support/play-on-cloud.ts';
import { type CountingPage, serveCountingPage } from '#test/support/serve-counting-page.ts';
import { stopSweeps } from '#test/support/stop-sweeps.ts';

const TEMPLATE = 'Almanac-dev.template.json';

/** Copies the assembly as it would be, had infra/tasks.ts named an allowed host. */
async function allowing(host: string): Promise<string> {
  const assembly = await mkdtemp(join(tmpdir(), 'almanac-allowing-'));
  await cp(inject('assembly'), assembly, { recursive: true });
  const template = await readFile(join(assembly, TEMPLATE), 'utf8');
  const changed = template.replace('"ALLOWED_HOSTS": ""', `"ALLOWED_HOSTS": "${host}"`);
  expect(changed).not.toBe(template);
  await writeFile(join(assembly, TEMPLATE), changed);
  return assembly;
}

describe('the task http-request', () => {
  let page: CountingPage;
  let assembly: string;
  let play: CloudPlay;

  beforeAll(async () => {
    page = await serveCountingPage();
    assembly = await allowing(new URL(page.url).host);
    play = await playOnCloud({ assembly });
    await stopSweeps(play);
  });

  afterAll(async () => {
    await play[Symbol.asyncDispose]();
    await page[Symbol.asyncDispose]();
    await rm(assembly, { recursive: true });
  });

  /** Sends one request by a schedule that fires once. */
  async function send(id: string, input: Readonly<Record<string, unknown>>) {
    const { api, fireOnce } = play;
    const jobId = await fireOnce({
      id,
      task: 'http-request',
      input,
      retry: { maxAttempts: 3, delay: 30, factor: 2, maxDelay: 600 },
      resultExpirationTime: '1h',
    });
    const job = await api.request('GET', `/v1/jobs/${jobId}`);
    const result = await api.request('GET', `/v1/jobs/${jobId}/result`);
    return { job: job.json, result: result.json };
  }

  it('reaches a host that the stack allows', async () => {
    const { job, result } = await send('allowed', { url: `${page.url}/allowed` });

    expect(job).toMatchObject({ outcome: 'success' });
    expect(result).toMatchObject({ status: 200, redirects: [] });
    expect(page.visits('/allowed')).toBe(1);
  });

  it.each([
    [
      'the API of Lambda inside its own process',
      'http://127.0.0.1:9001/2018-06-01/runtime/invocation/next',
    ],
    ['the metadata service', 'http://169.254.169.254/latest/meta-data/'],
    ['a name of this machine', 'http://localhost:9001/'],
  ])('reaches nothing else that is private, and does not try again: %s', async (what, url) => {
    const { job } = await send(`private-${what.length}`, { url });

    expect(job).toMatchObject({
      state: 'settled',
      outcome: 'error',
      attempt: 1,
      error: { name: 'AddressRefused' },
    });
  });

  it('is tried again after a status that was not expected, and names it', async () => {
    const input = { url: `${page.url}/status`, expectStatus: [204] };

    const { job } = await send('unexpected', input);

    expect(job).toMatchObject({
      state: 'retrying',
      error: { name: 'UnexpectedStatus', message: expect.stringContaining('204, got 200') },
    });
  });

  it('has its input checked by the API', async () => {
    const { status, json } = await play.api.request('POST', '/v1/schedules', {
      body: {
        id: 'wrong',
        task: 'http-request',
        trigger: { kind: 'cron', expression: '0 9 * * *', timeZone: 'UTC' },
        input: { url: 'ftp://example.com/', expectStatus: ['6xx'] },
      },
    });

    expect(status).toBe(422);
    expect(json).toMatchObject({ code: 'request.invalid' });
  });
});
