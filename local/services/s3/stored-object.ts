import * as z from 'zod';
import { ServiceFault, type WireRequest } from '#local/services/local-service.ts';
import { checksum, checksumAlgorithm } from '#local/services/s3/checksum.ts';

/** The headers of a request that are kept with an object, and given with it. */
const KEPT_HEADERS = [
  'content-type',
  'content-encoding',
  'content-disposition',
  'content-language',
  'cache-control',
  'expires',
] as const;

/** Largest sum of user metadata's names and values, in bytes. See https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
const LARGEST_METADATA_BYTES = 2048;

/** Headers that would change what a write means, and that are not served here: refused rather than ignored. */
const REFUSED_HEADERS = [
  /^x-amz-tagging$/,
  /^x-amz-object-lock-/,
  /^x-amz-server-side-encryption-(customer|aws-kms)/,
  /^x-amz-website-redirect-location$/,
  /^x-amz-grant-/,
  /^x-amz-write-offset-bytes$/,
  /^x-amz-copy-source-range$/,
];

/** Headers of which one value means what is done here anyway. */
const SINGLE_VALUES: Readonly<Record<string, readonly string[]>> = {
  'x-amz-server-side-encryption': ['AES256'],
  'x-amz-storage-class': ['STANDARD'],
  'x-amz-acl': ['private', 'bucket-owner-full-control'],
};

const headerRecord = z.record(z.string(), z.string());

/** What a client says of an object beside its bytes. */
const description = z.strictObject({ headers: headerRecord, metadata: headerRecord });
export type Description = z.infer<typeof description>;

/** An object's row. */
export const storedObject = z.strictObject({
  ...description.shape,
  blob: z.string(),
  bytes: z.int(),
  /** Without its quotation marks. */
  etag: z.string(),
  /** On a whole second, as S3 keeps it. */
  lastModifiedMs: z.int(),
  checksum,
});
export type StoredObject = z.infer<typeof storedObject>;

const storedPart = z.strictObject({
  number: z.int(),
  blob: z.string(),
  bytes: z.int(),
  etag: z.string(),
  lastModifiedMs: z.int(),
  checksum,
});
export type StoredPart = z.infer<typeof storedPart>;

/** A multipart upload that is under way. */
export const storedUpload = z.strictObject({
  ...description.shape,
  id: z.string(),
  key: z.string(),
  initiatedAtMs: z.int(),
  algorithm: checksumAlgorithm,
  /** Whether the client named the algorithm; its parts must then have checksums of it. */
  isAlgorithmNamed: z.boolean(),
  checksumType: z.enum(['FULL_OBJECT', 'COMPOSITE']),
  /** In the order of their numbers. */
  parts: z.array(storedPart),
});
export type StoredUpload = z.infer<typeof storedUpload>;

/**
 * Reads what a request says of the object that it writes.
 *
 * @throws {ServiceFault} `NotImplemented` for a header whose meaning is not served here, `MetadataTooLarge`.
 */
export function readDescription({ headers }: WireRequest): Description {
  refuseUnserved(headers);
  const given = Object.entries(headers);
  const metadata = Object.fromEntries(
    given
      .filter(([name]) => name.startsWith('x-amz-meta-'))
      .map(([name, value]) => [name.slice('x-amz-meta-'.length), value]),
  );
  const metadataBytes = Buffer.byteLength(Object.entries(metadata).flat().join(''));
  if (metadataBytes > LARGEST_METADATA_BYTES)
    throw new ServiceFault(
      'MetadataTooLarge',
      'Your metadata headers exceed the maximum allowed metadata size',
      { members: { Size: metadataBytes, MaxSizeAllowed: LARGEST_METADATA_BYTES } },
    );
  const kept = Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => {
      const value = name === 'content-encoding' ? storedEncoding(headers[name]) : headers[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  return { headers: { 'content-type': 'binary/octet-stream', ...kept }, metadata };
}

function refuseUnserved(headers: Readonly<Record<string, string>>): void {
  const refused = Object.entries(headers).find(
    ([name, value]) =>
      REFUSED_HEADERS.some((pattern) => pattern.test(name)) ||
      SINGLE_VALUES[name]?.includes(value) === false,
  );
  if (refused)
    throw new ServiceFault(
      'NotImplemented',
      'A header you provided implies functionality that is not implemented',
      { status: 501, members: { Header: refused[0], additionalMessage: refused.join(': ') } },
    );
}

/** `aws-chunked` is how the body travels, and no property of the object. */
function storedEncoding(value: string | undefined): string | undefined {
  return value
    ?.split(',')
    .map((each) => each.trim())
    .filter((each) => each !== 'aws-chunked')
    .join(', ');
}
