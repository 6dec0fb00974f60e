import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STORAGE_START_MS, type StorageServer, serveStorage } from '#test/support/serve-storage.ts';

const Bucket = 'payloads';
let server: StorageServer;

beforeAll(async () => {
  server = await serveStorage();
  await server.makeBucket(Bucket);
});
afterAll(() => server[Symbol.asyncDispose]());

function put(Key: string, Body: string | Buffer, more: object = {}) {
  return server.s3Client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
}

async function textOf(Key: string, more: object = {}): Promise<string | undefined> {
  const answer = await server.s3Client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return answer.Body?.transformToString();
}

describe('PutObject and GetObject', () => {
  it('give back the bytes with everything that was said of them', async () => {
    const body = gzipSync('{"rows":[]}');

    const { ETag } = await put('results/7d/ä b+c.json', body, {
      ContentType: 'application/json',
      ContentEncoding: 'gzip',
      CacheControl: 'private',
      Metadata: { job: 'daily@20261123T090000Z' },
    });
    const answer = await server.s3Client.send(
      new GetObjectCommand({ Bucket, Key: 'results/7d/ä b+c.json' }),
    );

    expect(Buffer.from((await answer.Body?.transformToByteArray()) ?? [])).toEqual(body);
    expect(ETag).toBe(`"${createHash('md5').update(body).digest('hex')}"`);
    expect(answer).toMatchObject({
      ETag,
      ContentType: 'application/json',
      ContentEncoding: 'gzip',
      CacheControl: 'private',
      Metadata: { job: 'daily@20261123T090000Z' },
      LastModified: new Date(STORAGE_START_MS),
      ContentLength: body.length,
      ServerSideEncryption: 'AES256',
    });
  });

  it('take a streamed body out of its chunks and check the trailing checksum', async () => {
    const stream = Readable.from([Buffer.alloc(70_000, 'a'), Buffer.alloc(30_000, 'b')]);

    const { ChecksumCRC32 } = await server.s3Client.send(
      new PutObjectCommand({
        Bucket,
        Key: 'streamed',
        Body: stream,
        ContentLength: 100_000,
        ContentEncoding: 'identity',
      }),
    );

    expect(await textOf('streamed')).toBe('a'.repeat(70_000) + 'b'.repeat(30_000));
    expect(ChecksumCRC32).toMatch(/^[\w+/]{6}==$/);
    const head = await server.s3Client.send(new HeadObjectCommand({ Bucket, Key: 'streamed' }));
    expect(head.ContentEncoding).toBe('identity');
  });

  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'verify %s as the SDK computes it, and echo it',
    async (ChecksumAlgorithm) => {
      const name = `Checksum${ChecksumAlgorithm}` as const;

      const stored = await put(`sum/${ChecksumAlgorithm}`, 'checked', { ChecksumAlgorithm });
      const read = await server.s3Client.send(
        new GetObjectCommand({ Bucket, Key: `sum/${ChecksumAlgorithm}`, ChecksumMode: 'ENABLED' }),
      );

      expect(stored[name]).toBeDefined();
      expect(read[name]).toBe(stored[name]);
      expect(await read.Body?.transformToString()).toBe('checked');
    },
  );

  it.each([
    ['ChecksumCRC32', 'AAAAAA==', 'BadDigest'],
    ['ChecksumSHA256', `${'A'.repeat(43)}=`, 'BadDigest'],
    ['ChecksumCRC32C', 'AA==', 'InvalidRequest'],
    ['ContentMD5', 'AAAAAAAAAAAAAAAAAAAAAA==', 'BadDigest'],
    ['ContentMD5', 'short', 'InvalidDigest'],
  ])('refuse a body whose %s is %s with %s, and keep nothing', async (name, value, code) => {
    await expect(put('wrong', 'body', { [name]: value })).rejects.toMatchObject({ name: code });

    await expect(textOf('wrong')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('refuse a header whose meaning is not served, rather than ignore it', async () => {
    await expect(put('tagged', 'body', { Tagging: 'a=b' })).rejects.toMatchObject({
      name: 'NotImplemented',
    });
  });

  it('tell a missing key, a missing bucket and a key that is too long apart', async () => {
    await expect(textOf('missing')).rejects.toMatchObject({ name: 'NoSuchKey', Key: 'missing' });
    await expect(put('k'.repeat(1025), 'x')).rejects.toMatchObject({ name: 'KeyTooLongError' });
    await expect(
      server.s3Client.send(new GetObjectCommand({ Bucket: 'elsewhere', Key: 'x' })),
    ).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });
});

describe('conditions', () => {
  it('let exactly one of many racers write with If-None-Match: *', async () => {
    const racers = Array.from({ length: 20 }, (_, racer) =>
      put('raced', `racer ${racer}`, { IfNoneMatch: '*' }),
    );

    const ends = await Promise.allSettled(racers);

    const winners = ends.flatMap(({ status }, racer) => (status === 'fulfilled' ? [racer] : []));
    expect(winners).toHaveLength(1);
    expect(await textOf('raced')).toBe(`racer ${winners[0]}`);
    const losses = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason.name] : []));
    expect(losses).toEqual(Array.from({ length: 19 }, () => 'PreconditionFailed'));
  });

  it('write with If-Match only over the object that was read', async () => {
    const { ETag: first } = await put('matched', 'one');

    await put('matched', 'two', { IfMatch: first });

    await expect(put('matched', 'three', { IfMatch: first })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    await expect(put('unmatched', 'x', { IfMatch: first })).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
    expect(await textOf('matched')).toBe('two');
  });

  it('answer a read with 304 while the copy of the client is still good', async () => {
    const { ETag } = await put('cached', 'body');

    await expect(textOf('cached', { IfNoneMatch: ETag })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    await expect(
      textOf('cached', { IfModifiedSince: new Date(STORAGE_START_MS) }),
    ).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    expect(await textOf('cached', { IfModifiedSince: new Date(STORAGE_START_MS - 1000) })).toBe(
      'body',
    );
    await expect(textOf('cached', { IfMatch: '"other"' })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 412 },
    });
  });
});

describe('ranges and overrides', () => {
  it.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
  ])('give %s', async (Range, text, ContentRange) => {
    await put('digits', '0123456789');

    const answer = await server.s3Client.send(
      new GetObjectCommand({ Bucket, Key: 'digits', Range }),
    );

    expect(answer).toMatchObject({ ContentRange, ContentLength: text.length });
    expect(await answer.Body?.transformToString()).toBe(text);
  });

  it('refuse a range without any byte', async () => {
    await put('digits', '0123456789');

    await expect(textOf('digits', { Range: 'bytes=10-' })).rejects.toMatchObject({
      name: 'InvalidRange',
    });
  });

  it('replace headers of the answer as the query asks', async () => {
    await put('page', 'x', { ContentType: 'text/plain' });

    const answer = await server.s3Client.send(
      new GetObjectCommand({
        Bucket,
        Key: 'page',
        ResponseContentType: 'text/html',
        ResponseContentDisposition: 'attachment; filename="a.html"',
      }),
    );

    expect(answer).toMatchObject({
      ContentType: 'text/html',
      ContentDisposition: 'attachment; filename="a.html"',
    });
  });
});

describe('HeadObject, CopyObject and deletes', () => {
  it('tell of an object without its bytes', async () => {
    await put('told', 'seven b');

    const head = await server.s3Client.send(new HeadObjectCommand({ Bucket, Key: 'told' }));

    expect(head.ContentLength).toBe(7);
    await expect(
      server.s3Client.send(new HeadObjectCommand({ Bucket, Key: 'untold' })),
    ).rejects.toMatchObject({ name: 'NotFound', $metadata: { httpStatusCode: 404 } });
    const tags = await server.s3Client.send(new GetObjectTaggingCommand({ Bucket, Key: 'told' }));
    expect(tags.TagSet).toEqual([]);
  });

  it('copy an object with its description, or with another', async () => {
    await put('from/ä', 'copied', { ContentType: 'text/plain', Metadata: { a: '1' } });
    const CopySource = encodeURIComponent(`${Bucket}/from/ä`);

    await server.s3Client.send(new CopyObjectCommand({ Bucket, Key: 'same', CopySource }));
    await server.s3Client.send(
      new CopyObjectCommand({
        Bucket,
        Key: 'other',
        CopySource,
        MetadataDirective: 'REPLACE',
        ContentType: 'text/html',
      }),
    );

    const same = await server.s3Client.send(new HeadObjectCommand({ Bucket, Key: 'same' }));
    const other = await server.s3Client.send(new HeadObjectCommand({ Bucket, Key: 'other' }));
    expect(same).toMatchObject({ ContentType: 'text/plain', Metadata: { a: '1' } });
    expect(other).toMatchObject({ ContentType: 'text/html', Metadata: {} });
    expect(await textOf('other')).toBe('copied');
  });

  it('delete one or many, whether they are there or not', async () => {
    await put('d/1', '1');
    await put('d/2&<', '2');

    const one = await server.s3Client.send(new DeleteObjectCommand({ Bucket, Key: 'd/1' }));
    const many = await server.s3Client.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: { Objects: [{ Key: 'd/2&<' }, { Key: 'd/3' }] },
      }),
    );

    expect(one.$metadata.httpStatusCode).toBe(204);
    expect(many.Deleted).toEqual([{ Key: 'd/2&<' }, { Key: 'd/3' }]);
    const left = await server.s3Client.send(new ListObjectsV2Command({ Bucket, Prefix: 'd/' }));
    expect(left.KeyCount).toBe(0);
  });
});

describe('lists', () => {
  const keys = ['l/a', 'l/b/1', 'l/b/2', 'l/c', 'l/d/1', 'l/\u{1F600}', 'l/\uFFFD'];
  const byBytes = [...keys].sort((one, other) =>
    Buffer.compare(Buffer.from(one), Buffer.from(other)),
  );

  beforeAll(async () => {
    for (const key of keys) await put(key, key);
  });

  it('give keys in the order of their bytes, page by page', async () => {
    const pages = paginateListObjectsV2(
      { client: server.s3Client, pageSize: 2 },
      { Bucket, Prefix: 'l/' },
    );

    const sizes: number[] = [];
    const listed: unknown[] = [];
    for await (const page of pages) {
      sizes.push(page.KeyCount ?? 0);
      listed.push(...(page.Contents ?? []).map(({ Key }) => Key));
    }

    expect(sizes).toEqual([2, 2, 2, 1]);
    expect(listed).toEqual(byBytes);
  });

  it('roll keys up by a delimiter, over pages too', async () => {
    const pages = paginateListObjectsV2(
      { client: server.s3Client, pageSize: 1 },
      { Bucket, Prefix: 'l/', Delimiter: '/', EncodingType: 'url' },
    );

    const listed: unknown[] = [];
    for await (const page of pages)
      listed.push(
        ...(page.Contents ?? []).map(({ Key }) => Key),
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
      );

    expect(listed).toEqual(['l/a', 'l/b/', 'l/c', 'l/d/', 'l/%EF%BF%BD', 'l/%F0%9F%98%80']);
  });

  it('begin after a key', async () => {
    const page = await server.s3Client.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'l/', StartAfter: 'l/b/2', MaxKeys: 1 }),
    );

    expect(page.Contents?.map(({ Key }) => Key)).toEqual(['l/c']);
    expect(page.IsTruncated).toBe(true);
  });

  it('go on from a marker in the older form', async () => {
    const first = await server.s3Client.send(
      new ListObjectsCommand({ Bucket, Prefix: 'l/', Delimiter: '/', MaxKeys: 2 }),
    );
    const second = await server.s3Client.send(
      new ListObjectsCommand({
        Bucket,
        Prefix: 'l/',
        Delimiter: '/',
        MaxKeys: 2,
        Marker: first.NextMarker,
      }),
    );

    expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'l/b/' });
    expect(second.Contents?.map(({ Key }) => Key)).toEqual(['l/c']);
    expect(second.CommonPrefixes).toEqual([{ Prefix: 'l/d/' }]);
  });
});
