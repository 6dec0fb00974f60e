import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { PayloadUpload, UploadedObject } from '#shared/ports/payload-store.ts';

interface Part {
  readonly PartNumber: number;
  readonly ETag: string | undefined;
}

/**
 * Writes an object part by part; it is there once all of it is, and never where there is one already.
 *
 *     open ── put, put, … ── finish ──▶ object
 *                └── abort ──▶ nothing
 */
export function createPayloadUpload(
  client: S3Client,
  bucket: string,
  object: UploadedObject,
): PayloadUpload {
  const target = { Bucket: bucket, Key: object.key };
  const parts: Part[] = [];
  let opened: Promise<string | undefined> | undefined;
  const open = async () => {
    const { type, name } = object;
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({
        ...target,
        ContentType: type,
        ...(name !== undefined && { ContentDisposition: dispositionOf(name) }),
      }),
    );
    return UploadId;
  };
  return {
    put: async (body) => {
      opened ??= open();
      await answered(async () => {
        const upload = { ...target, UploadId: await opened };
        const PartNumber = parts.length + 1;
        const { ETag } = await client.send(
          new UploadPartCommand({ ...upload, PartNumber, Body: body }),
        );
        parts.push({ PartNumber, ETag });
      });
    },
    finish: () =>
      answered(async () => {
        const upload = { ...target, UploadId: await opened, IfNoneMatch: '*' };
        await client.send(
          new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts } }),
        );
      }),
    abort: () =>
      answered(async () => {
        if (opened === undefined) return;
        await client.send(new AbortMultipartUploadCommand({ ...target, UploadId: await opened }));
      }),
  };
}

/** Quotes and what is no ASCII go by the second form. See https://www.rfc-editor.org/rfc/rfc6266 */
function dispositionOf(name: string): string {
  const plain = name.replaceAll(/[^\w .-]/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`;
}

async function answered(send: () => Promise<void>): Promise<void> {
  try {
    await send();
  } catch (error) {
    // No two attempts share a key: the client has tried again after an answer that was lost.
    if (error instanceof S3ServiceException && error.name === 'PreconditionFailed') return;
    throwUnavailable(error, 'the payload bucket');
  }
}
