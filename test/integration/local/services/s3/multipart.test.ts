import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StorageServer, serveStorage } from '#test/support/serve-storage.ts';

const Bucket = 'payloads';
const FIVE_MIB = 5 * 1024 * 1024;
let server: StorageServer;

beforeAll(async () => {
  server = await serveStorage();
  await server.makeBucket(Bucket);
});
afterAll(() => server[Symbol.asyncDispose]());

async function begin(Key: string, more: object = {}): Promise<string> {
  const { UploadId } = await server.s3Client.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'text/plain', ...more }),
  );
  if (UploadId === undefined) throw new Error('Expected an upload id.');
  return UploadId;
}

function upload(Key: string, UploadId: string, part: { number: number; body: Buffer }) {
  return server.s3Client.send(
    new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: part.number, Body: part.body }),
  );
}

function complete(Key: string, UploadId: string, more: { Parts: object[]; IfNoneMatch?: '*' }) {
  const { Parts, ...conditions } = more;
  return server.s3Client.send(
    new CompleteMultipartUploadCommand({
      Bucket,
      Key,
      UploadId,
      MultipartUpload: { Parts },
      ...conditions,
    }),
  );
}

describe('a multipart upload', () => {
  it('becomes one object, whichever part came first', async () => {
    const UploadId = await begin('big');
    const last = await upload('big', UploadId, { number: 2, body: Buffer.from('tail') });
    const first = await upload('big', UploadId, { number: 1, body: Buffer.alloc(FIVE_MIB, 'x') });

    const { ETag } = await complete('big', UploadId, {
      Parts: [
        { PartNumber: 1, ETag: first.ETag },
        { PartNumber: 2, ETag: last.ETag },
      ],
    });
    const tail = await server.s3Client.send(
      new GetObjectCommand({ Bucket, Key: 'big', Range: 'bytes=-5' }),
    );

    expect(ETag).toMatch(/^"[\da-f]{32}-2"$/);
    expect(await tail.Body?.transformToString()).toBe('xtail');
    expect(tail.ContentRange).toBe(`bytes ${FIVE_MIB - 1}-${FIVE_MIB + 3}/${FIVE_MIB + 4}`);
    expect(tail.ContentType).toBe('text/plain');
    await expect(
      upload('big', UploadId, { number: 3, body: Buffer.from('') }),
    ).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  it.each([
    ['SHA256', 'COMPOSITE', /-1$/],
    ['CRC32', 'FULL_OBJECT', /^[^-]+$/],
  ] as const)('has a checksum of %s as %s', async (ChecksumAlgorithm, ChecksumType, form) => {
    const UploadId = await begin(ChecksumAlgorithm, { ChecksumAlgorithm, ChecksumType });
    const part = await server.s3Client.send(
      new UploadPartCommand({
        Bucket,
        Key: ChecksumAlgorithm,
        UploadId,
        PartNumber: 1,
        Body: 'whole',
        ChecksumAlgorithm,
      }),
    );

    const name = `Checksum${ChecksumAlgorithm}` as const;
    await complete(ChecksumAlgorithm, UploadId, {
      Parts: [{ PartNumber: 1, ETag: part.ETag, [name]: part[name] }],
    });

    const head = await server.s3Client.send(
      new HeadObjectCommand({ Bucket, Key: ChecksumAlgorithm, ChecksumMode: 'ENABLED' }),
    );
    expect(head.ChecksumType).toBe(ChecksumType);
    expect(head[name]).toMatch(form);
  });

  it('is refused when parts are missing, out of order, too small, or the key is taken', async () => {
    const UploadId = await begin('refused');
    const one = await upload('refused', UploadId, { number: 1, body: Buffer.from('1') });
    const two = await upload('refused', UploadId, { number: 2, body: Buffer.from('2') });
    const parts = [
      { PartNumber: 1, ETag: one.ETag },
      { PartNumber: 2, ETag: two.ETag },
    ];

    await expect(
      complete('refused', UploadId, { Parts: [{ PartNumber: 1, ETag: two.ETag }] }),
    ).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(
      complete('refused', UploadId, { Parts: parts.toReversed() }),
    ).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete('refused', UploadId, { Parts: parts })).rejects.toMatchObject({
      name: 'EntityTooSmall',
    });
    await complete('refused', UploadId, { Parts: parts.slice(0, 1), IfNoneMatch: '*' });
    const again = await begin('refused');
    const part = await upload('refused', again, { number: 1, body: Buffer.from('other') });
    await expect(
      complete('refused', again, {
        Parts: [{ PartNumber: 1, ETag: part.ETag }],
        IfNoneMatch: '*',
      }),
    ).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  it('is listed with its parts until it is aborted', async () => {
    const UploadId = await begin('listed/a');
    for (const number of [3, 1, 2])
      await upload('listed/a', UploadId, { number, body: Buffer.from(String(number)) });
    const list = () =>
      server.s3Client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'listed/' }));

    const page = await server.s3Client.send(
      new ListPartsCommand({ Bucket, Key: 'listed/a', UploadId, MaxParts: 2 }),
    );
    const before = await list();
    await server.s3Client.send(
      new AbortMultipartUploadCommand({ Bucket, Key: 'listed/a', UploadId }),
    );
    const after = await list();

    expect(page.Parts?.map(({ PartNumber }) => PartNumber)).toEqual([1, 2]);
    expect(page).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '2' });
    expect(before.Uploads?.map((each) => each.UploadId)).toEqual([UploadId]);
    expect(after.Uploads).toBeUndefined();
  });
});
