import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { type Operation, ServiceFault, type WireRequest } from '#local/services/local-service.ts';
import { wholeSecondMs } from '#local/services/s3/bucket.ts';
import {
  type ChecksumAlgorithm,
  checksumAlgorithm,
  checksumHeader,
  DEFAULT_ALGORITHM,
  verifyChecksums,
} from '#local/services/s3/checksum.ts';
import { readRequestBody } from '#local/services/s3/request-body.ts';
import {
  bucketOf,
  isoInstant,
  notServed,
  onBucket,
  onObject,
  type S3Call,
  xmlAnswer,
} from '#local/services/s3/s3-call.ts';
import { readDescription, type StoredUpload } from '#local/services/s3/stored-object.ts';

/** Part numbers end here. See https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const LAST_PART_NUMBER = 10_000;

/** Begins an upload in parts. */
export function createMultipartUpload(call: S3Call): Operation {
  return {
    name: 'CreateMultipartUpload',
    permissions: [onObject('PutObject', call)],
    run: () => {
      const upload: StoredUpload = {
        ...readDescription(call.request),
        ...readChecksumChoice(call.request),
        isAlgorithmNamed: 'x-amz-checksum-algorithm' in call.request.headers,
        id: randomBytes(48).toString('base64url'),
        key: call.address.key,
        initiatedAtMs: wholeSecondMs(call.parts.clock),
        parts: [],
      };
      bucketOf(call).setUpload(upload);
      const answer = xmlAnswer('InitiateMultipartUploadResult', {
        Bucket: call.address.bucketName,
        Key: call.address.key,
        UploadId: upload.id,
      });
      return {
        ...answer,
        headers: {
          ...answer.headers,
          'x-amz-checksum-algorithm': upload.algorithm,
          'x-amz-checksum-type': upload.checksumType,
          'x-amz-server-side-encryption': 'AES256',
        },
      };
    },
  };
}

/** Stores one part; another of its number is replaced. */
export function uploadPart(call: S3Call): Operation {
  return {
    name: 'UploadPart',
    permissions: [onObject('PutObject', call)],
    run: async () => {
      const { headers } = call.request;
      if (headers['x-amz-copy-source'] !== undefined) throw notServed('UploadPartCopy');
      const number = readPartNumber(call.request);
      const { algorithm, isAlgorithmNamed } = findUpload(call);
      const { bytes, trailers } = readRequestBody(call.request);
      const checksum = verifyChecksums({ ...headers, ...trailers }, bytes, algorithm);
      if (isAlgorithmNamed && checksum.algorithm !== algorithm)
        throw otherAlgorithm(algorithm, checksum.algorithm);
      const etag = createHash('md5').update(bytes).digest('hex');
      const blob = await call.parts.blobs.write(bytes);
      const part = { number, blob, bytes: bytes.length, etag, checksum };
      try {
        const upload = findUpload(call);
        const others = upload.parts.filter((each) => each.number !== number);
        const parts = [...others, { ...part, lastModifiedMs: wholeSecondMs(call.parts.clock) }];
        bucketOf(call).setUpload({ ...upload, parts: parts.sort((a, b) => a.number - b.number) });
      } catch (error) {
        await call.parts.blobs.remove(blob);
        throw error;
      }
      return {
        status: 200,
        headers: { etag: `"${etag}"`, [checksumHeader(checksum.algorithm)]: checksum.value },
      };
    },
  };
}

/** Ends an upload without an object. */
export function abortMultipartUpload(call: S3Call): Operation {
  return {
    name: 'AbortMultipartUpload',
    permissions: [onObject('AbortMultipartUpload', call)],
    run: () => {
      bucketOf(call).deleteUpload(findUpload(call).id);
      return { status: 204 };
    },
  };
}

/** Lists the parts that an upload has so far. */
export function listParts(call: S3Call): Operation {
  return {
    name: 'ListParts',
    permissions: [onObject('ListMultipartUploadParts', call)],
    run: () => {
      const { query } = call.request;
      const upload = findUpload(call);
      const after = Number(query.get('part-number-marker') ?? 0);
      const limit = Math.min(Number(query.get('max-parts') ?? 1000), 1000);
      const remaining = upload.parts.filter((part) => part.number > after);
      const page = remaining.slice(0, limit);
      return xmlAnswer('ListPartsResult', {
        Bucket: call.address.bucketName,
        Key: upload.key,
        UploadId: upload.id,
        PartNumberMarker: after,
        NextPartNumberMarker: page.at(-1)?.number,
        MaxParts: limit,
        IsTruncated: remaining.length > page.length,
        ChecksumAlgorithm: upload.algorithm,
        ChecksumType: upload.checksumType,
        Part: page.map((part) => ({
          PartNumber: part.number,
          LastModified: isoInstant(part.lastModifiedMs),
          ETag: `"${part.etag}"`,
          Size: part.bytes,
          [`Checksum${part.checksum.algorithm}`]: part.checksum.value,
        })),
        StorageClass: 'STANDARD',
      });
    },
  };
}

/** Lists the uploads of a bucket that are under way, all on one page. */
export function listMultipartUploads(call: S3Call): Operation {
  return {
    name: 'ListMultipartUploads',
    permissions: [onBucket('ListBucketMultipartUploads', call)],
    run: () => {
      const prefix = call.request.query.get('prefix') ?? '';
      const uploads = bucketOf(call)
        .uploads()
        .filter((upload) => upload.key.startsWith(prefix));
      return xmlAnswer('ListMultipartUploadsResult', {
        Bucket: call.address.bucketName,
        Prefix: prefix,
        IsTruncated: false,
        Upload: uploads
          .sort((one, other) => (one.key < other.key ? -1 : 1))
          .map((upload) => ({
            Key: upload.key,
            UploadId: upload.id,
            Initiated: isoInstant(upload.initiatedAtMs),
            StorageClass: 'STANDARD',
            ChecksumAlgorithm: upload.algorithm,
            ChecksumType: upload.checksumType,
          })),
      });
    },
  };
}

/** Finds the upload that a call names. @throws {ServiceFault} `NoSuchUpload`. */
export function findUpload(call: S3Call): StoredUpload {
  const uploadId = call.request.query.get('uploadId') ?? '';
  const upload = bucketOf(call).upload(uploadId);
  if (upload?.key === call.address.key) return upload;
  throw new ServiceFault(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { status: 404, members: { UploadId: uploadId } },
  );
}

function readPartNumber({ query }: WireRequest): number {
  const number = Number(query.get('partNumber'));
  if (Number.isInteger(number) && number >= 1 && number <= LAST_PART_NUMBER) return number;
  throw new ServiceFault(
    'InvalidArgument',
    `Part number must be an integer between 1 and ${LAST_PART_NUMBER}, inclusive`,
    { members: { ArgumentName: 'partNumber', ArgumentValue: query.get('partNumber') ?? '' } },
  );
}

const checksumChoice = z
  .object({
    algorithm: checksumAlgorithm.optional(),
    checksumType: z.enum(['FULL_OBJECT', 'COMPOSITE']).optional(),
  })
  .transform(({ algorithm = DEFAULT_ALGORITHM, checksumType }) => ({
    algorithm,
    checksumType: checksumType ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE'),
  }))
  .refine(
    ({ algorithm, checksumType }) =>
      algorithm.startsWith('SHA')
        ? checksumType === 'COMPOSITE'
        : algorithm !== 'CRC64NVME' || checksumType === 'FULL_OBJECT',
    'The algorithm does not have a checksum of that type.',
  );

function readChecksumChoice({ headers }: WireRequest): z.infer<typeof checksumChoice> {
  const parsed = checksumChoice.safeParse({
    algorithm: headers['x-amz-checksum-algorithm'],
    checksumType: headers['x-amz-checksum-type'],
  });
  if (parsed.success) return parsed.data;
  throw new ServiceFault('InvalidRequest', 'Checksum algorithm or type provided is unsupported.', {
    cause: parsed.error,
  });
}

function otherAlgorithm(expected: ChecksumAlgorithm, given: ChecksumAlgorithm): ServiceFault {
  return new ServiceFault(
    'InvalidRequest',
    `Checksum Type mismatch occurred, expected checksum Type: ${expected.toLowerCase()}, actual checksum Type: ${given.toLowerCase()}`,
  );
}
