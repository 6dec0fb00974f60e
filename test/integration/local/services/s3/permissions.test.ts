import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type StorageServer, serveStorage } from '#test/support/serve-storage.ts';

const at = { Bucket: 'b', Key: 'k/1' };
const Bucket = 'b';
const UploadId = 'u';
const BUCKET = 'arn:aws:s3:::b';
const OBJECT = 'arn:aws:s3:::b/k/1';
let server: StorageServer;

beforeAll(async () => {
  server = await serveStorage({ deny: () => true });
  await server.makeBucket(Bucket);
});
afterAll(() => server[Symbol.asyncDispose]());

it.each([
  [new PutObjectCommand({ ...at, Body: 'x' }), [`s3:PutObject ${OBJECT}`]],
  [new GetObjectCommand(at), [`s3:GetObject ${OBJECT}`]],
  [new HeadObjectCommand(at), [`s3:GetObject ${OBJECT}`]],
  [new DeleteObjectCommand(at), [`s3:DeleteObject ${OBJECT}`]],
  [
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'k/1' }] } }),
    [`s3:DeleteObject ${OBJECT}`],
  ],
  [new CopyObjectCommand({ ...at, CopySource: 'b/from' }), [`s3:GetObject ${BUCKET}/from`]],
  [new ListObjectsV2Command({ Bucket }), [`s3:ListBucket ${BUCKET}`]],
  [new HeadBucketCommand({ Bucket }), [`s3:ListBucket ${BUCKET}`]],
  [new ListBucketsCommand({}), ['s3:ListAllMyBuckets *']],
  [new CreateMultipartUploadCommand(at), [`s3:PutObject ${OBJECT}`]],
  [
    new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: 'x' }),
    [`s3:PutObject ${OBJECT}`],
  ],
  [new CompleteMultipartUploadCommand({ ...at, UploadId }), [`s3:PutObject ${OBJECT}`]],
  [new AbortMultipartUploadCommand({ ...at, UploadId }), [`s3:AbortMultipartUpload ${OBJECT}`]],
  [new ListPartsCommand({ ...at, UploadId }), [`s3:ListMultipartUploadParts ${OBJECT}`]],
  [new ListMultipartUploadsCommand({ Bucket }), [`s3:ListBucketMultipartUploads ${BUCKET}`]],
  [
    new GetBucketLifecycleConfigurationCommand({ Bucket }),
    [`s3:GetLifecycleConfiguration ${BUCKET}`],
  ],
  [
    new PutBucketLifecycleConfigurationCommand({ Bucket }),
    [`s3:PutLifecycleConfiguration ${BUCKET}`],
  ],
  [new GetBucketPolicyCommand({ Bucket }), [`s3:GetBucketPolicy ${BUCKET}`]],
  [new GetBucketEncryptionCommand({ Bucket }), [`s3:GetEncryptionConfiguration ${BUCKET}`]],
])('asks for exactly what AWS asks for %o', async (command, permissions) => {
  server.asked.length = 0;
  const client = server.roleS3Client();

  // Each command has a type of its own; the client's `send` takes them one by one.
  const sent = client.send(command as GetObjectCommand);

  await expect(sent).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  expect(server.asked).toEqual(permissions);
});
