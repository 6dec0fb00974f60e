import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type StorageServer, serveStorage } from '#test/support/serve-storage.ts';

const Bucket = 'payloads';
const LIFECYCLE = {
  LifecycleConfiguration: {
    Rules: [
      { Id: 'a-day', Prefix: 'results/1d/', Status: 'Enabled', ExpirationInDays: 8 },
      { Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
    ],
  },
};

async function keysOf(server: StorageServer): Promise<unknown[]> {
  const { Contents } = await server.s3Client.send(new ListObjectsV2Command({ Bucket }));
  return Contents?.map(({ Key }) => Key) ?? [];
}

describe('lifecycle', () => {
  it('deletes an object at the first midnight after its days, and not before', async () => {
    await using server = await serveStorage({ startMs: Date.parse('2026-11-15T10:30:00Z') });
    await server.makeBucket(Bucket, LIFECYCLE);
    const stored = await server.s3Client.send(
      new PutObjectCommand({ Bucket, Key: 'results/1d/a', Body: 'a' }),
    );
    await server.s3Client.send(new PutObjectCommand({ Bucket, Key: 'other', Body: 'b' }));

    await server.clock.advanceTo(Date.parse('2026-11-24T00:00:00Z') - 1);
    expect(await keysOf(server)).toEqual(['other', 'results/1d/a']);
    await server.clock.advanceBy(1);

    expect(await keysOf(server)).toEqual(['other']);
    expect(stored.Expiration).toBe('expiry-date="Tue, 24 Nov 2026 00:00:00 GMT", rule-id="a-day"');
  });

  it('counts the days of an object that was written again from then', async () => {
    await using server = await serveStorage({ startMs: Date.parse('2026-11-15T10:30:00Z') });
    await server.makeBucket(Bucket, LIFECYCLE);
    const put = new PutObjectCommand({ Bucket, Key: 'results/1d/a', Body: 'a' });
    await server.s3Client.send(put);
    await server.clock.advanceTo(Date.parse('2026-11-20T12:00:00Z'));
    await server.s3Client.send(put);

    await server.clock.advanceTo(Date.parse('2026-11-28T23:59:59Z'));
    expect(await keysOf(server)).toEqual(['results/1d/a']);
    await server.clock.advanceTo(Date.parse('2026-11-29T00:00:00Z'));

    expect(await keysOf(server)).toEqual([]);
  });

  it('aborts an upload that was not completed', async () => {
    await using server = await serveStorage();
    await server.makeBucket(Bucket, LIFECYCLE);
    await server.s3Client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'big' }));
    const list = () => server.s3Client.send(new ListMultipartUploadsCommand({ Bucket }));

    await server.clock.advanceTo(Date.parse('2026-11-24T23:59:59Z'));
    expect((await list()).Uploads).toHaveLength(1);
    await server.clock.advanceTo(Date.parse('2026-11-25T00:00:00Z'));

    expect((await list()).Uploads).toBeUndefined();
  });

  it('follows rules that are changed over HTTP, for objects that are there already', async () => {
    await using server = await serveStorage();
    await server.makeBucket(Bucket);
    await server.s3Client.send(new PutObjectCommand({ Bucket, Key: 'big', Body: 'large' }));
    await server.s3Client.send(new PutObjectCommand({ Bucket, Key: 'small', Body: 's' }));
    const rule = {
      ID: 'big-ones',
      Status: 'Enabled' as const,
      Filter: { And: { Prefix: '', ObjectSizeGreaterThan: 3 } },
      Expiration: { Days: 1 },
    };

    await server.s3Client.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: { Rules: [rule] },
      }),
    );
    const read = await server.s3Client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    await server.clock.advanceTo(Date.parse('2026-11-25T00:00:00Z'));

    expect(read.Rules).toEqual([rule]);
    expect(await keysOf(server)).toEqual(['small']);
  });

  it('books nothing on the clock while no object will expire', async () => {
    await using server = await serveStorage();
    const booked: number[] = [];
    const { schedule } = server.clock;
    server.clock.schedule = (atMs, run) => {
      booked.push(atMs);
      return schedule.call(server.clock, atMs, run);
    };
    await server.makeBucket(Bucket, LIFECYCLE);

    await server.s3Client.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'x' }));
    expect(booked).toEqual([]);
    await server.s3Client.send(new PutObjectCommand({ Bucket, Key: 'results/1d/a', Body: 'x' }));
    await server.s3Client.send(new PutObjectCommand({ Bucket, Key: 'results/1d/b', Body: 'x' }));

    expect(booked).toEqual([Date.parse('2026-12-02T00:00:00Z')]);
  });
});

describe('a bucket', () => {
  it('tells what the template made of it', async () => {
    await using server = await serveStorage();
    await server.makeBucket(Bucket, { ...LIFECYCLE, Tags: [{ Key: 'app', Value: 'almanac' }] });
    const { s3Client } = server;

    expect(await s3Client.send(new HeadBucketCommand({ Bucket }))).toMatchObject({
      BucketRegion: 'us-east-1',
    });
    expect((await s3Client.send(new ListBucketsCommand({}))).Buckets).toMatchObject([
      { Name: Bucket, CreationDate: new Date('2026-11-23T09:00:00Z') },
    ]);
    expect(
      (await s3Client.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint,
    ).toBeUndefined();
    expect((await s3Client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe(
      undefined,
    );
    expect(await s3Client.send(new GetBucketEncryptionCommand({ Bucket }))).toMatchObject({
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    });
    expect((await s3Client.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual([
      { Key: 'app', Value: 'almanac' },
    ]);
    expect(
      (await s3Client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules,
    ).toMatchObject([
      { ID: 'a-day', Filter: { Prefix: 'results/1d/' }, Expiration: { Days: 8 } },
      { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
    ]);
    await expect(s3Client.send(new GetBucketPolicyCommand({ Bucket }))).rejects.toMatchObject({
      name: 'NoSuchBucketPolicy',
    });
  });

  it('keeps its objects, uploads and rules over a restart, and drops what a crash left', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'almanac-s3-'));
    onTestFinished(() => rm(dataDir, { recursive: true }));
    {
      await using server = await serveStorage({ dataDir });
      await server.makeBucket(Bucket, LIFECYCLE);
      for (const Body of ['first', 'second'])
        await server.s3Client.send(new PutObjectCommand({ Bucket, Key: 'results/1d/a', Body }));
      await server.s3Client.send(new PutObjectCommand({ Bucket, Key: 'gone', Body: 'x' }));
      await server.s3Client.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
      await server.s3Client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'big' }));
      await server.clock.advanceBy(0);
      expect(await readdir(join(dataDir, 's3'))).toHaveLength(1);
    }
    await writeFile(join(dataDir, 's3', 'half.part'), 'half');

    await using server = await serveStorage({ dataDir });
    const read = await server.s3Client.send(new GetObjectCommand({ Bucket, Key: 'results/1d/a' }));

    expect(await read.Body?.transformToString()).toBe('second');
    expect(await readdir(join(dataDir, 's3'))).toHaveLength(1);
    expect(
      (await server.s3Client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads,
    ).toHaveLength(1);
    await server.clock.advanceTo(Date.parse('2026-12-02T00:00:00Z'));
    expect(await keysOf(server)).toEqual([]);
  });
});

describe('permissions', () => {
  it('hide whether a key exists from a role that may not list the bucket', async () => {
    await using server = await serveStorage({ deny: ({ action }) => action === 's3:ListBucket' });
    await server.makeBucket(Bucket);
    await server.s3Client.send(new PutObjectCommand({ Bucket, Key: 'there', Body: 'x' }));
    const role = server.roleS3Client();

    await role.send(new HeadObjectCommand({ Bucket, Key: 'there' }));
    await expect(role.send(new GetObjectCommand({ Bucket, Key: 'missing' }))).rejects.toMatchObject(
      { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } },
    );
    await expect(
      server.s3Client.send(new GetObjectCommand({ Bucket, Key: 'missing' })),
    ).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('refuse a role what it is not granted, before anything is written', async () => {
    await using server = await serveStorage({ deny: ({ action }) => action === 's3:PutObject' });
    await server.makeBucket(Bucket);

    await expect(
      server.roleS3Client().send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });

    expect(await keysOf(server)).toEqual([]);
  });
});
