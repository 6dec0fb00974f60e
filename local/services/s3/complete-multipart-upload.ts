import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type Operation, ServiceFault, type WireResponse } from '#local/services/local-service.ts';
import {
  type Checksum,
  checksumElements,
  checksumHeader,
  composeChecksum,
  computeChecksum,
} from '#local/services/s3/checksum.ts';
import { findUpload } from '#local/services/s3/multipart.ts';
import { storageHeaders, storeObject } from '#local/services/s3/put-object.ts';
import { readRequestBody } from '#local/services/s3/request-body.ts';
import { bucketOf, onObject, type S3Call, xmlAnswer } from '#local/services/s3/s3-call.ts';
import type { StoredPart, StoredUpload } from '#local/services/s3/stored-object.ts';
import { parseXml } from '#local/services/s3/xml.ts';
import { malformedXml, single, wholeNumberText } from '#local/services/s3/xml-shape.ts';

/** Smallest part but for the last. See https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const SMALLEST_PART_BYTES = 5 * 1024 * 1024;

const part = z
  .looseObject({ PartNumber: single(wholeNumberText), ETag: single(z.string()) })
  .transform(({ PartNumber, ETag, ...claims }) => ({
    number: PartNumber,
    etag: ETag.replaceAll('"', ''),
    claims,
  }));

const completion = z.strictObject({
  CompleteMultipartUpload: single(z.strictObject({ Part: z.array(part).min(1) })),
});

/** Makes an upload's parts one object, in one step with the conditions of the call. */
export function completeMultipartUpload(call: S3Call): Operation {
  return {
    name: 'CompleteMultipartUpload',
    permissions: [onObject('PutObject', call)],
    run: () => complete(call),
  };
}

async function complete(call: S3Call): Promise<WireResponse> {
  const upload = findUpload(call);
  const parsed = completion.safeParse(parseXml(readRequestBody(call.request).bytes.toString()));
  if (!parsed.success) throw malformedXml(parsed.error);
  const parts = chooseParts(upload, parsed.data.CompleteMultipartUpload.Part);
  const bytes = Buffer.concat(
    await Promise.all(parts.map(({ blob }) => call.parts.blobs.read(blob))),
  );
  const checksum = checksumOf(upload, parts, bytes);
  requireClaim(call, checksum);
  const digests = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, 'hex')));
  const stored = await storeObject(
    call,
    {
      headers: upload.headers,
      metadata: upload.metadata,
      bytes,
      checksum,
      etag: `${createHash('md5').update(digests).digest('hex')}-${parts.length}`,
    },
    () => void findUpload(call),
  );
  const bucket = bucketOf(call);
  bucket.deleteUpload(upload.id);
  const answer = xmlAnswer('CompleteMultipartUploadResult', {
    Location: `${call.parts.endpoint()}/${bucket.name}/${encodeURI(upload.key)}`,
    Bucket: bucket.name,
    Key: upload.key,
    ETag: `"${stored.etag}"`,
    ...checksumElements(checksum),
  });
  return {
    ...answer,
    headers: { ...answer.headers, ...storageHeaders(bucket, upload.key, stored) },
  };
}

function chooseParts(
  upload: StoredUpload,
  asked: readonly z.infer<typeof part>[],
): readonly StoredPart[] {
  const isAscending = asked.every(
    ({ number }, at) => at === 0 || number > (asked[at - 1]?.number ?? 0),
  );
  if (!isAscending)
    throw new ServiceFault(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    );
  const byNumber = new Map(upload.parts.map((each) => [each.number, each]));
  const chosen = asked.map(({ number, etag, claims }) => {
    const found = byNumber.get(number);
    const claim = claims[`Checksum${found?.checksum.algorithm}`];
    const isClaimTrue =
      claim === undefined || JSON.stringify(claim) === JSON.stringify([found?.checksum.value]);
    if (found?.etag === etag && isClaimTrue) return found;
    throw new ServiceFault(
      'InvalidPart',
      "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      { members: { UploadId: upload.id, PartNumber: number, ETag: etag } },
    );
  });
  const small = chosen.slice(0, -1).find(({ bytes }) => bytes < SMALLEST_PART_BYTES);
  if (small)
    throw new ServiceFault(
      'EntityTooSmall',
      'Your proposed upload is smaller than the minimum allowed size',
      {
        members: {
          ProposedSize: small.bytes,
          MinSizeAllowed: SMALLEST_PART_BYTES,
          PartNumber: small.number,
        },
      },
    );
  return chosen;
}

function checksumOf(
  { algorithm, checksumType: type }: StoredUpload,
  parts: readonly StoredPart[],
  bytes: Buffer,
): Checksum {
  const value =
    type === 'FULL_OBJECT'
      ? computeChecksum(algorithm, bytes)
      : composeChecksum(
          algorithm,
          parts.map((each) => each.checksum.value),
        );
  return { algorithm, value, type };
}

function requireClaim({ request }: S3Call, checksum: Checksum): void {
  const claim = request.headers[checksumHeader(checksum.algorithm)];
  if (claim !== undefined && claim !== checksum.value)
    throw new ServiceFault(
      'BadDigest',
      `The ${checksum.algorithm} you specified did not match the calculated checksum.`,
    );
}
