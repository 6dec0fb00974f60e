import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { startLocalCloud } from '#local/cloud.ts';
import { BEGINNING, playOnCloud } from '#test/support/play-on-cloud.ts';

const EVERY_MINUTE = { kind: 'cron', expression: 'cron(* * * * ? *)', timeZone: 'UTC' };

describe('a local cloud', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'almanac-e2e-'));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  it('goes on after a restart where it stopped: schedules, rows, objects and messages', async () => {
    const assembly = inject('assembly');
    const dataDir = join(directory, 'data');
    const report = { task: 'sales-report', trigger: EVERY_MINUTE, resultExpirationTime: '1h' };
    {
      await using play = await playOnCloud({ assembly, dataDir });
      await play.define({ id: 'minutely', ...report });
      await play.define({ id: 'large', ...report, input: { rows: 20_000 } });
      await play.cloud.clock.advanceTo('2026-03-02T09:00:30Z');
      expect(await play.rowsOf('minutely')).toHaveLength(1);
    }

    await using play = await playOnCloud({ assembly, dataDir, clock: '2026-03-02T09:00:40Z' });
    const { api, cloud, rowsOf, objectsBelow } = play;
    const result = await api.request('GET', '/v1/jobs/minutely@20260302T090000Z/result');
    await cloud.clock.advanceTo('2026-03-02T09:01:30Z');

    expect(result).toMatchObject({ status: 200, json: { rows: { length: 20 } } });
    expect((await rowsOf('minutely')).map(({ fireTime }) => fireTime)).toEqual([
      '2026-03-02T09:00:00Z',
      '2026-03-02T09:01:00Z',
    ]);
    expect(await objectsBelow('results/1d/large/')).toHaveLength(2);
    // What waited in the starts queue for the first fire time has found the job settled.
    expect(await rowsOf('minutely')).toMatchObject([{ attempt: 1 }, { attempt: 1 }]);
    expect(cloud.policies.observed().some(({ action }) => action === 'sqs:DeleteMessage')).toBe(
      true,
    );
  });

  it('refuses a template with a resource that it does not know, and names it', async () => {
    const assembly = await copyOfAssembly((template) => ({
      ...template,
      Resources: {
        ...template.Resources,
        Topic1A2B: { Type: 'AWS::SNS::Topic', Properties: {} },
        OtherTopic: { Type: 'AWS::SNS::Topic', Properties: {} },
      },
    }));

    const starting = startLocalCloud({ assembly, clock: BEGINNING });

    await expect(starting).rejects.toThrow(/Topic1A2B[\s\S]*AWS::SNS::Topic/);
    await expect(starting).rejects.toThrow('OtherTopic');
  });

  it('refuses a property that it neither honours nor knows to be without effect here', async () => {
    const assembly = await copyOfAssembly((template) => {
      const [name = '', queue] =
        Object.entries(template.Resources).find(([, { Type }]) => Type === 'AWS::SQS::Queue') ?? [];
      const Properties = { ...queue?.Properties, FifoThroughputLimit: 'perQueue' };
      const Resources = { ...template.Resources, [name]: { ...queue, Properties } };
      return { ...template, Resources };
    });

    await expect(startLocalCloud({ assembly, clock: BEGINNING })).rejects.toThrow(
      'FifoThroughputLimit',
    );
  });

  it('says which port is in use, and leaves nothing of itself behind', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = Number(Object(server.address()).port);
    const listening = () =>
      process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length;
    expect(listening()).toBe(1);
    const dataDir = join(directory, 'data');

    const starting = startLocalCloud({
      assembly: inject('assembly'),
      clock: BEGINNING,
      dataDir,
      port,
    });

    await expect(starting).rejects.toMatchObject({ code: 'EADDRINUSE', port });
    await expect.poll(listening).toBe(1);
    server.close();
    await once(server, 'close');
    await using cloud = await startLocalCloud({
      assembly: inject('assembly'),
      clock: BEGINNING,
      dataDir,
      port,
    });
    expect(cloud.endpoints.api).toBe(`http://127.0.0.1:${port}`);
  });

  interface TemplateJson {
    readonly Resources: Readonly<
      Record<
        string,
        { readonly Type?: string; readonly Properties?: Readonly<Record<string, unknown>> }
      >
    >;
  }

  async function copyOfAssembly(change: (template: TemplateJson) => TemplateJson): Promise<string> {
    const assembly = join(directory, 'assembly');
    await cp(inject('assembly'), assembly, { recursive: true });
    const file = join(assembly, 'Almanac-dev.template.json');
    const template: TemplateJson = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify(change(template)));
    expect(await readdir(assembly)).toContain('Almanac-dev.template.json');
    return assembly;
  }
});

describe('the HTTP API of a local cloud', () => {
  it('refuses what is unsigned or signed for another service, and answers /v1/health to anyone', async () => {
    await using play = await playOnCloud({ assembly: inject('assembly') });
    const { api } = play.cloud.endpoints;

    const unsigned = await fetch(`${api}/v1/schedules`);
    const misdirected = await fetch(`${api}/v1/schedules`, {
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=test/20260302/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
        'x-amz-date': '20260302T085930Z',
      },
    });
    const health = await fetch(`${api}/v1/health`);
    const signed = await play.api.request('GET', '/v1/schedules');

    expect([unsigned.status, misdirected.status, health.status, signed.status]).toEqual([
      403, 403, 200, 200,
    ]);
    expect(await unsigned.json()).toEqual({ message: 'Forbidden' });
    expect(signed.json).toEqual({ data: [], next: null });
  });

  it('takes unsigned requests when it is told to', async () => {
    await using cloud = await startLocalCloud({
      assembly: inject('assembly'),
      clock: BEGINNING,
      auth: false,
    });

    const { status } = await fetch(`${cloud.endpoints.api}/v1/schedules`);

    expect(status).toBe(200);
  });
});
