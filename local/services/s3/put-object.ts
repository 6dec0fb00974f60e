import { createHash } from 'node:crypto';
import type { Operation, WireResponse } from '#local/services/local-service.ts';
import { ServiceFault } from '#local/services/local-service.ts';
import { type Bucket, wholeSecondMs } from '#local/services/s3/bucket.ts';
import {
  checksumElements,
  checksumHeaders,
  DEFAULT_ALGORITHM,
  verifyChecksums,
} from '#local/services/s3/checksum.ts';
import { isNotModified, requireWriteConditions } from '#local/services/s3/conditions.ts';
import { readRequestBody } from '#local/services/s3/request-body.ts';
import {
  atCopySource,
  bucketOf,
  findObject,
  isoInstant,
  notServed,
  onObject,
  type S3Call,
  xmlAnswer,
} from '#local/services/s3/s3-call.ts';
import { readDescription, type StoredObject } from '#local/services/s3/stored-object.ts';

/** Stores an object: its bytes first, then, in one step with the conditions, the row that names them. */
export function putObject(call: S3Call): Operation {
  return {
    name: 'PutObject',
    permissions: [onObject('PutObject', call)],
    run: async () => {
      const { headers } = call.request;
      const bucket = bucketOf(call);
      const description = readDescription(call.request);
      const { bytes, trailers } = readRequestBody(call.request);
      const checksum = verifyChecksums({ ...headers, ...trailers }, bytes, DEFAULT_ALGORITHM);
      const stored = await storeObject(call, {
        ...description,
        bytes,
        checksum,
        etag: createHash('md5').update(bytes).digest('hex'),
      });
      return {
        status: 200,
        headers: {
          etag: `"${stored.etag}"`,
          ...checksumHeaders(checksum),
          ...storageHeaders(bucket, call.address.key, stored),
        },
      };
    },
  };
}

/** Copies an object, with its description or a new one. */
export function copyObject(call: S3Call): Operation {
  const source = atCopySource(call);
  return {
    name: 'CopyObject',
    permissions: [onObject('GetObject', source), onObject('PutObject', call)],
    run: () => runCopy(call, source),
  };
}

async function runCopy(call: S3Call, source: S3Call): Promise<WireResponse> {
  const { headers } = call.request;
  const { object } = findObject(source);
  bucketOf(call);
  if (isNotModified(sourceConditions(headers), object))
    throw new ServiceFault(
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
      { status: 412 },
    );
  if (headers['x-amz-checksum-algorithm'] !== undefined)
    throw notServed('Another checksum algorithm for a copy');
  const given = readDescription(call.request);
  const isReplacing = headers['x-amz-metadata-directive'] === 'REPLACE';
  const isOntoItself =
    source.address.bucketName === call.address.bucketName &&
    source.address.key === call.address.key;
  if (isOntoItself && !isReplacing)
    throw new ServiceFault(
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  const bytes = await call.parts.blobs.read(object.blob);
  const stored = await storeObject(call, {
    ...(isReplacing ? given : { headers: object.headers, metadata: object.metadata }),
    bytes,
    checksum: verifyChecksums({}, bytes, object.checksum.algorithm),
    etag: createHash('md5').update(bytes).digest('hex'),
  });
  return xmlAnswer('CopyObjectResult', {
    ETag: `"${stored.etag}"`,
    LastModified: isoInstant(stored.lastModifiedMs),
    ...checksumElements(stored.checksum),
  });
}

function sourceConditions(headers: Readonly<Record<string, string>>): Record<string, string> {
  const prefix = 'x-amz-copy-source-';
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}

/**
 * Writes bytes, then checks the conditions of the call and the row in one synchronous step.
 *
 * @param object - The bytes with everything that is said of them.
 * @param isStillWanted - Throws when the write has lost its reason while the bytes were on their way.
 * @throws {ServiceFault} as {@link requireWriteConditions}; nothing is left behind then.
 */
export async function storeObject(
  call: S3Call,
  object: Omit<StoredObject, 'blob' | 'bytes' | 'lastModifiedMs'> & { readonly bytes: Buffer },
  isStillWanted: () => void = () => {},
): Promise<StoredObject> {
  const { blobs, clock } = call.parts;
  const bucket = bucketOf(call);
  const blob = await blobs.write(object.bytes);
  const stored: StoredObject = {
    ...object,
    blob,
    bytes: object.bytes.length,
    lastModifiedMs: wholeSecondMs(clock),
  };
  try {
    isStillWanted();
    requireWriteConditions(call.request.headers, bucket.get(call.address.key));
    bucket.put(call.address.key, stored);
  } catch (error) {
    await blobs.remove(blob);
    throw error;
  }
  return stored;
}

/** Gives the response headers that tell how an object is kept, and until when. */
export function storageHeaders(
  bucket: Bucket,
  key: string,
  object: StoredObject,
): Record<string, string> {
  const due = bucket.dueOf(key, object);
  return {
    'x-amz-server-side-encryption': 'AES256',
    ...(due && {
      'x-amz-expiration': `expiry-date="${new Date(due.atMs).toUTCString()}", rule-id="${due.ruleId}"`,
    }),
  };
}
