import * as z from 'zod';
import { type Operation, ServiceFault } from '#local/services/local-service.ts';
import { DEFAULT_ALGORITHM, verifyChecksums } from '#local/services/s3/checksum.ts';
import { requireWriteConditions } from '#local/services/s3/conditions.ts';
import { readRequestBody } from '#local/services/s3/request-body.ts';
import { bucketOf, onObject, type S3Call, xmlAnswer } from '#local/services/s3/s3-call.ts';
import { parseXml } from '#local/services/s3/xml.ts';
import { malformedXml, single } from '#local/services/s3/xml-shape.ts';

/** Most keys in one request. See https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const MOST_KEYS = 1000;

const deletion = z.strictObject({
  Delete: single(
    z.strictObject({
      Object: z
        .array(
          z.strictObject({ Key: single(z.string().min(1)), ETag: single(z.string()).optional() }),
        )
        .min(1)
        .max(MOST_KEYS),
      Quiet: single(z.enum(['true', 'false'])).optional(),
    }),
  ),
});

/** Deletes an object; a key that is not there is no error. */
export function deleteObject(call: S3Call): Operation {
  return {
    name: 'DeleteObject',
    permissions: [onObject('DeleteObject', call)],
    run: () => {
      const bucket = bucketOf(call);
      requireWriteConditions(call.request.headers, bucket.get(call.address.key));
      bucket.delete(call.address.key);
      return { status: 204 };
    },
  };
}

/**
 * Deletes up to a thousand objects.
 *
 * Each key needs its permission; one that is not granted refuses the whole call, where AWS would refuse that key alone.
 */
export function deleteObjects(call: S3Call): Operation {
  const { bytes, trailers } = readRequestBody(call.request);
  verifyChecksums({ ...call.request.headers, ...trailers }, bytes, DEFAULT_ALGORITHM);
  const parsed = deletion.safeParse(parseXml(bytes.toString()));
  if (!parsed.success) throw malformedXml(parsed.error);
  const { Object: objects, Quiet: quiet } = parsed.data.Delete;
  const { bucketName } = call.address;
  return {
    name: 'DeleteObjects',
    permissions: objects.map(({ Key: key }) =>
      onObject('DeleteObject', { address: { bucketName, key } }),
    ),
    run: () => {
      const results = objects.map((object) => deleteOne(call, object));
      return xmlAnswer('DeleteResult', {
        Deleted: quiet === 'true' ? [] : results.flatMap(({ deleted }) => deleted ?? []),
        Error: results.flatMap(({ error }) => error ?? []),
      });
    },
  };
}

interface Deleted {
  readonly deleted?: { readonly Key: string };
  readonly error?: { readonly Key: string; readonly Code: string; readonly Message: string };
}

function deleteOne(
  call: S3Call,
  { Key: key, ETag: etag }: { readonly Key: string; readonly ETag?: string | undefined },
): Deleted {
  const bucket = bucketOf(call);
  try {
    requireWriteConditions(etag === undefined ? {} : { 'if-match': etag }, bucket.get(key));
  } catch (error) {
    if (!(error instanceof ServiceFault)) throw error;
    return { error: { Key: key, Code: error.code, Message: error.message } };
  }
  bucket.delete(key);
  return { deleted: { Key: key } };
}
