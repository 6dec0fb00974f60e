import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import * as z from 'zod';
import { ServiceFault } from '#local/services/local-service.ts';
import { crc32c, crc64nvme } from '#local/services/s3/crc.ts';

const ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;

/** The algorithms that S3 takes, by their names in its API. */
export const checksumAlgorithm = z.enum(ALGORITHMS);
export type ChecksumAlgorithm = z.infer<typeof checksumAlgorithm>;

/** What S3 computes when the client names none. See https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
export const DEFAULT_ALGORITHM: ChecksumAlgorithm = 'CRC64NVME';

/** A checksum as S3 keeps it beside an object: base64, with `-<parts>` at its end when it is composed of the parts' own. */
export const checksum = z.strictObject({
  algorithm: checksumAlgorithm,
  value: z.string(),
  type: z.enum(['FULL_OBJECT', 'COMPOSITE']),
});
export type Checksum = z.infer<typeof checksum>;

type Headers = Readonly<Record<string, string>>;

/** Computes the base64 of a checksum's bytes, most significant first. */
export function computeChecksum(algorithm: ChecksumAlgorithm, bytes: Uint8Array): string {
  switch (algorithm) {
    case 'CRC32':
      return bigEndian(BigInt(crc32(bytes)), 4);
    case 'CRC32C':
      return bigEndian(BigInt(crc32c(bytes)), 4);
    case 'CRC64NVME':
      return bigEndian(crc64nvme(bytes), 8);
    case 'SHA1':
      return createHash('sha1').update(bytes).digest('base64');
    case 'SHA256':
      return createHash('sha256').update(bytes).digest('base64');
  }
}

function bigEndian(value: bigint, length: number): string {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex').toString('base64');
}

/** Composes the checksum of a multipart object from those of its parts, in their order. */
export function composeChecksum(algorithm: ChecksumAlgorithm, parts: readonly string[]): string {
  const digests = Buffer.concat(parts.map((part) => Buffer.from(part, 'base64')));
  return `${computeChecksum(algorithm, digests)}-${parts.length}`;
}

/** Gives the header that carries a checksum of an algorithm, as `x-amz-checksum-crc32`. */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** Gives the response headers that tell an object's checksum. */
export function checksumHeaders(found: Checksum): Record<string, string> {
  return { [checksumHeader(found.algorithm)]: found.value, 'x-amz-checksum-type': found.type };
}

/** Gives the elements that tell a checksum in an XML answer, as `ChecksumCRC32`. */
export function checksumElements(found: Checksum): Record<string, string> {
  return { [`Checksum${found.algorithm}`]: found.value, ChecksumType: found.type };
}

/**
 * Verifies the checksums that a request claims of its body.
 *
 * @param headers - The request's own and, for an aws-chunked body, its trailers.
 * @param fallback - The algorithm when the request claims no checksum beside Content-MD5.
 * @returns The checksum to keep and to echo.
 * @throws {ServiceFault} `BadDigest`, `InvalidDigest`, `InvalidRequest` or `XAmzContentSHA256Mismatch`.
 */
export function verifyChecksums(
  headers: Headers,
  body: Uint8Array,
  fallback: ChecksumAlgorithm,
): Checksum {
  verifyContentMd5(headers['content-md5'], body);
  const claimed = ALGORITHMS.filter((each) => headers[checksumHeader(each)] !== undefined);
  if (claimed.length > 1)
    throw new ServiceFault(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  const algorithm = claimed[0] ?? fallback;
  const value = computeChecksum(algorithm, body);
  const claim = headers[checksumHeader(algorithm)];
  if (claim !== undefined && claim !== value) throw badClaim(algorithm, claim, value);
  return { algorithm, value, type: 'FULL_OBJECT' };
}

function badClaim(algorithm: ChecksumAlgorithm, claim: string, value: string): ServiceFault {
  return claim.length === value.length
    ? new ServiceFault(
        'BadDigest',
        `The ${algorithm} you specified did not match the calculated checksum.`,
      )
    : new ServiceFault(
        'InvalidRequest',
        `Value for ${checksumHeader(algorithm)} header is invalid.`,
      );
}

function verifyContentMd5(claim: string | undefined, body: Uint8Array): void {
  if (claim === undefined) return;
  if (Buffer.from(claim, 'base64').length !== 16)
    throw new ServiceFault('InvalidDigest', 'The Content-MD5 you specified was invalid.');
  if (createHash('md5').update(body).digest('base64') !== claim)
    throw new ServiceFault(
      'BadDigest',
      'The Content-MD5 you specified did not match what we received.',
    );
}
