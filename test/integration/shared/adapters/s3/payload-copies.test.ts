import { gzipSync } from 'node:zlib';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPayloadCopies } from '#shared/adapters/s3/payload-copies.ts';
import { createPayloadStore } from '#shared/adapters/s3/payload-store.ts';
import { aPayload } from '#test/support/a-payload.ts';
import { type StorageServer, serveStorage } from '#test/support/serve-storage.ts';

const BUCKET = 'payloads';
const KEY = 'results/30d/=daily-sales/abc';

let server: StorageServer;

beforeAll(async () => {
  server = await serveStorage();
  await server.makeBucket(BUCKET);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const describeObject = (Key: string) =>
  server.s3Client.send(new HeadObjectCommand({ Bucket: BUCKET, Key }));

describe('a copy of a result', () => {
  it.each([
    ['into another class', 'results/90d/=daily-sales/abc'],
    ['onto itself', KEY],
  ])('%s has its type and encoding', async (_, to) => {
    const store = createPayloadStore(BUCKET, server.s3Client);
    const copies = createPayloadCopies(BUCKET, server.s3Client);
    const object = { key: KEY, body: gzipSync('{}'), type: 'application/json', encoding: 'gzip' };
    await store.putShared(object);

    expect(await copies.copy(aPayload({ key: KEY }), to)).toBe(true);

    expect(await describeObject(to)).toMatchObject({
      ContentType: 'application/json',
      ContentEncoding: 'gzip',
    });
    expect(await store.getResult(to)).toEqual(new Uint8Array(object.body));
  });

  it('is none where there is nothing to copy', async () => {
    const copies = createPayloadCopies(BUCKET, server.s3Client);

    expect(await copies.copy(aPayload({ key: 'results/1d/none' }), 'results/7d/none')).toBe(false);
  });
});
