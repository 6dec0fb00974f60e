import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createObjectList } from '#shared/adapters/s3/object-list.ts';
import { RESULTS_PREFIX } from '#shared/domain/result/payload-class.ts';
import type { ObjectList } from '#shared/ports/object-list.ts';
import { STORAGE_START_MS, type StorageServer, serveStorage } from '#test/support/serve-storage.ts';

const BUCKET = 'payloads';

let server: StorageServer;
let list: ObjectList;

beforeAll(async () => {
  server = await serveStorage();
  await server.makeBucket(BUCKET);
  list = createObjectList(BUCKET, server.s3Client);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const put = (Key: string) =>
  server.s3Client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'four' }));

describe('the list of objects', () => {
  it('goes through all below a prefix, in the order of their keys, a thousand at a time', async () => {
    const keys = Array.from(
      { length: 1_001 },
      (_, at) => `results/7d/x/${String(at).padStart(4, '0')}`,
    );
    await Promise.all([...keys, 'unsettled/x', 'results'].map(put));

    const first = await list.page(RESULTS_PREFIX, undefined);
    const second = await list.page(RESULTS_PREFIX, first.next);

    expect([...first.objects, ...second.objects].map(({ key }) => key)).toEqual(keys);
    expect(first.objects).toHaveLength(1_000);
    expect(second).toEqual({
      objects: [{ key: 'results/7d/x/1000', bytes: 4, modifiedAt: STORAGE_START_MS / 1_000 }],
    });
  });

  it('is empty where there is none', async () => {
    expect(await list.page('results/90d/', undefined)).toEqual({ objects: [] });
  });

  it('tells whether one is there, by its whole key, until it is deleted', async () => {
    await put('results/1d/y/1-owner-2');

    expect(await list.has('results/1d/y/1-owner')).toBe(false);
    expect(await list.has('results/1d/y/1-owner-2')).toBe(true);
    await list.delete('results/1d/y/1-owner-2');
    expect(await list.has('results/1d/y/1-owner-2')).toBe(false);
  });

  it('says that the bucket does not answer where there is none', async () => {
    const nowhere = createObjectList('elsewhere', server.s3Client);

    await expect(nowhere.page(RESULTS_PREFIX, undefined)).rejects.toMatchObject({
      code: 'store.unavailable',
    });
  });
});
