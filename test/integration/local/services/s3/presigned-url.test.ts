import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type StorageServer, serveStorage } from '#test/support/serve-storage.ts';

const Bucket = 'payloads';
let server: StorageServer;

beforeEach(async () => {
  server = await serveStorage();
  await server.makeBucket(Bucket);
  await server.s3Client.send(
    new PutObjectCommand({ Bucket, Key: 'results/ä (1)+&.json', Body: '{}' }),
  );
});
afterEach(() => server[Symbol.asyncDispose]());

function presign(client = server.s3Client): Promise<string> {
  return getSignedUrl(
    client,
    new GetObjectCommand({
      Bucket,
      Key: 'results/ä (1)+&.json',
      ResponseContentDisposition: "attachment; filename*=UTF-8''a%20b.json",
    }),
    { expiresIn: 900, signingDate: new Date(server.clock.nowMs()) },
  );
}

async function faultOf(url: string, init?: RequestInit): Promise<string> {
  const answer = await fetch(url, init);
  const code = /<Code>(.*)<\/Code>/.exec(await answer.text())?.[1];
  return `${answer.status} ${code}`;
}

describe('a presigned URL', () => {
  it('gives the object to whoever has it, signed by the operator or by a role', async () => {
    const urls = [await presign(), await presign(server.roleS3Client())];

    for (const url of urls) {
      const answer = await fetch(url);
      expect(await answer.text()).toBe('{}');
      expect(answer.headers.get('content-disposition')).toBe(
        "attachment; filename*=UTF-8''a%20b.json",
      );
    }
  });

  it('stores an object, with the headers that were signed and no others', async () => {
    const url = await getSignedUrl(
      server.s3Client,
      new PutObjectCommand({ Bucket, Key: 'uploaded', ContentType: 'text/plain' }),
      {
        signingDate: new Date(server.clock.nowMs()),
        signableHeaders: new Set(['content-type', 'host']),
      },
    );

    const stored = await fetch(url, {
      method: 'PUT',
      body: 'text',
      headers: { 'content-type': 'text/plain' },
    });

    expect(stored.status).toBe(200);
    expect(
      await faultOf(url, {
        method: 'PUT',
        body: 'text',
        headers: { 'content-type': 'text/html' },
      }),
    ).toBe('403 SignatureDoesNotMatch');
    expect(
      await faultOf(url, {
        method: 'PUT',
        body: 'text',
        headers: { 'content-type': 'text/plain', 'x-amz-meta-more': '1' },
      }),
    ).toBe('403 AccessDenied');
  });

  it('lives until its expiry on the clock, and not a millisecond longer', async () => {
    const url = await presign();

    await server.clock.advanceBy(900_000);
    expect((await fetch(url)).status).toBe(200);

    await server.clock.advanceBy(1);
    const late = await fetch(url);
    expect(late.status).toBe(403);
    expect(await late.text()).toContain(
      '<Code>AccessDenied</Code><Message>Request has expired</Message>',
    );
  });

  it.each<[string, (url: string) => string, RequestInit?]>([
    ['another key', (url: string) => url.replace('results/', 'secrets/')],
    ['another method', (url: string) => url, { method: 'DELETE' }],
    ['a longer life', (url: string) => url.replace('Expires=900', 'Expires=9000')],
    ['another override', (url: string) => url.replace('attachment', 'inline')],
    ['one more parameter', (url: string) => `${url}&response-content-type=text%2Fhtml`],
    ['another signature', (url: string) => url.replace(/Signature=[\da-f]{4}/, 'Signature=0000')],
  ])('is refused with %s', async (_, tamper, init) => {
    expect(await faultOf(tamper(await presign()), init)).toBe('403 SignatureDoesNotMatch');
  });

  it.each([
    ['without an expiry', (url: string) => url.replace(/X-Amz-Expires=900&/, '')],
    ['with an expiry of more than a week', (url: string) => url.replace('=900', '=604801')],
    ['with an expiry that is no number', (url: string) => url.replace('=900', '=soon')],
    ['for another region', (url: string) => url.replace('us-east-1', 'eu-west-1')],
    ['for another service', (url: string) => url.replace('%2Fs3%2F', '%2Fsqs%2F')],
    ['by another algorithm', (url: string) => url.replace('HMAC-SHA256', 'HMAC-MD5')],
    ['with a date of no form', (url: string) => url.replace(/Date=\d{8}T/, 'Date=')],
  ])('is malformed %s', async (_, tamper) => {
    expect(await faultOf(tamper(await presign()))).toBe('400 AuthorizationQueryParametersError');
  });

  it('is refused when nobody knows its access key', async () => {
    const url = await presign();

    expect(await faultOf(url.replace('=test', '=AKIAUNKNOWN'))).toBe('403 InvalidAccessKeyId');
  });
});

it('refuses signatures of version 2, which boto3 makes unless it is told otherwise', async () => {
  const url = `${server.s3Url}/${Bucket}/a?AWSAccessKeyId=test&Expires=1&Signature=a`;

  expect(await faultOf(url)).toBe('400 InvalidRequest');
});

it('refuses a request without any signature', async () => {
  expect(await faultOf(`${server.s3Url}/${Bucket}/uploaded`)).toBe('403 AccessDenied');
});
