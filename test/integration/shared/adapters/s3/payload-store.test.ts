import { gzipSync } from 'node:zlib';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPayloadLinks } from '#shared/adapters/s3/payload-links.ts';
import { createPayloadStore } from '#shared/adapters/s3/payload-store.ts';
import type { PayloadStore } from '#shared/ports/payload-store.ts';
import { type StorageServer, serveStorage } from '#test/support/serve-storage.ts';

const BUCKET = 'payloads';

let server: StorageServer;
let store: PayloadStore;

beforeAll(async () => {
  server = await serveStorage();
  await server.makeBucket(BUCKET);
  store = createPayloadStore(BUCKET, server.s3Client);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

function anObject(key: string, text: string) {
  return { key, body: gzipSync(text), type: 'application/json', encoding: 'gzip' };
}

describe('the payload store', () => {
  it('writes a result once: a second try keeps what the first has written', async () => {
    const key = 'results/1d/daily-sales/20261123T090000Z/1-a';

    await store.putResult(anObject(key, '{"a":1}'));
    await store.putResult(anObject(key, '{"a":2}'));

    const object = await server.s3Client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
    expect(object).toMatchObject({ ContentEncoding: 'gzip', ContentType: 'application/json' });
    expect(Buffer.from((await object.Body?.transformToByteArray()) ?? [])).toEqual(
      gzipSync('{"a":1}'),
    );
  });

  it('gives an unsettled end back until it is deleted', async () => {
    const key = 'unsettled/daily-sales/20261123T090000Z/1-a';
    await store.putUnsettled(key, '{"v":1}');

    expect(await store.getUnsettled(key)).toBe('{"v":1}');
    await store.deleteUnsettled(key);
    expect(await store.getUnsettled(key)).toBeUndefined();
    await expect(store.deleteUnsettled(key)).resolves.toBeUndefined();
  });

  it('deletes a result by its exact key', async () => {
    await store.putResult(anObject('results/1d/x', '1'));
    await store.putResult(anObject('results/1d/x2', '2'));

    await store.delete('results/1d/x');

    expect(await store.getUnsettled('results/1d/x')).toBeUndefined();
    expect(await store.getUnsettled('results/1d/x2')).toBeDefined();
  });

  it('says that the bucket does not answer, with the cause', async () => {
    const lost = createPayloadStore('no-such-bucket', server.s3Client);

    const put = lost.putResult(anObject('results/1d/x', '1'));

    await expect(put).rejects.toMatchObject({
      code: 'store.unavailable',
      cause: { name: 'NoSuchBucket' },
    });
  });
});

describe('a payload link', () => {
  it('is read by anyone, without credentials', async () => {
    // The link is signed by the machine's clock and checked by the server's, so here both run with real time.
    await using real = await serveStorage({ startMs: Date.now() });
    await real.makeBucket(BUCKET);
    const key = 'results/7d/daily-sales/20261123T090000Z/1-a';
    await createPayloadStore(BUCKET, real.s3Client).putResult(anObject(key, '{"linked":true}'));

    const url = await createPayloadLinks(BUCKET, real.s3Client).presign(key, 90);

    expect(await (await fetch(url)).json()).toEqual({ linked: true });
  });

  it.each([
    [0, '1'],
    [90.9, '90'],
    [10_000_000, '604800'],
  ])('that is to hold %i seconds holds %s', async (seconds, given) => {
    const links = createPayloadLinks(BUCKET, server.s3Client);

    const url = new URL(await links.presign('results/1d/x', seconds));

    expect(url.searchParams.get('X-Amz-Expires')).toBe(given);
  });
});
