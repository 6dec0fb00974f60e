import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { createPayloadUpload } from '#shared/adapters/s3/payload-upload.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { PayloadObject, PayloadStore } from '#shared/ports/payload-store.ts';

/** Keeps payloads in the payload bucket. */
export function createPayloadStore(bucket: string, client = new S3Client()): PayloadStore {
  const remove = (key: string) =>
    answered(client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })));
  return {
    putResult: (object) => writeOnce(client, { ...resultParams(bucket, object), ...IS_NOT_THERE }),
    putShared: async (object) =>
      void (await answered(client.send(new PutObjectCommand(resultParams(bucket, object))))),
    openUpload: (object) => createPayloadUpload(client, bucket, object),
    putUnsettled: (key, text) => writeOnce(client, unsettledParams(bucket, key, text)),
    getResult: (key) => readObject(client, bucket, key),
    getUnsettled: async (key) => {
      const bytes = await readObject(client, bucket, key);
      return bytes && Buffer.from(bytes).toString();
    },
    deleteUnsettled: async (key) => void (await remove(key)),
    delete: async (key) => void (await remove(key)),
  };
}

/** No two invocations share a key, so an object that is there is our own first try's. */
const IS_NOT_THERE = { IfNoneMatch: '*' } as const;

/**
 * Describes a result's object.
 *
 *     result in memory ── putResult, putShared ──▶ object ── settle ──▶ row with its key
 */
function resultParams(bucket: string, object: PayloadObject): PutObjectCommandInput {
  return {
    Bucket: bucket,
    Key: object.key,
    Body: object.body,
    ContentType: object.type,
    ContentEncoding: object.encoding,
  };
}

function unsettledParams(bucket: string, key: string, text: string): PutObjectCommandInput {
  return {
    Bucket: bucket,
    Key: key,
    Body: text,
    ContentType: 'application/json',
    ...IS_NOT_THERE,
  };
}

/** S3 answers so while an earlier try of the same write is still under way. See https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
const UNDER_WAY = 'ConditionalRequestConflict';
const MOST_TRIES_UNDER_WAY = 3;

async function writeOnce(
  client: S3Client,
  params: PutObjectCommandInput,
  tries = 1,
): Promise<void> {
  try {
    await client.send(new PutObjectCommand(params));
  } catch (error) {
    const name = error instanceof S3ServiceException ? error.name : undefined;
    if (name === 'PreconditionFailed') return;
    if (name !== UNDER_WAY || tries === MOST_TRIES_UNDER_WAY)
      throwUnavailable(error, 'the payload bucket');
    await writeOnce(client, params, tries + 1);
  }
}

async function readObject(
  client: S3Client,
  bucket: string,
  key: string,
): Promise<Uint8Array | undefined> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return await Body?.transformToByteArray();
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    return throwUnavailable(error, 'the payload bucket');
  }
}

async function answered<T>(sending: Promise<T>): Promise<T> {
  try {
    return await sending;
  } catch (error) {
    return throwUnavailable(error, 'the payload bucket');
  }
}
