import { ServiceFault } from '#local/services/local-service.ts';

/** Longest key, in bytes of UTF-8. See https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const LONGEST_KEY_BYTES = 1024;

/** What a path-style request is about; both are empty for the service itself, the key alone for a bucket. */
export interface ObjectAddress {
  readonly bucketName: string;
  readonly key: string;
}

/**
 * Reads the path of a path-style request, or a copy's source: `/bucket/key…`.
 *
 * @param path - As sent, percent-encoded.
 * @throws {ServiceFault} `InvalidURI` or `KeyTooLongError`.
 */
export function parseAddress(path: string): ObjectAddress {
  const decoded = decodePath(path).replace(/^\//, '');
  const slash = decoded.indexOf('/');
  if (slash < 0) return { bucketName: decoded, key: '' };
  const key = decoded.slice(slash + 1);
  const keyBytes = Buffer.byteLength(key);
  if (keyBytes > LONGEST_KEY_BYTES)
    throw new ServiceFault('KeyTooLongError', 'Your key is too long', {
      members: { Size: keyBytes, MaxSizeAllowed: LONGEST_KEY_BYTES },
    });
  return { bucketName: decoded.slice(0, slash), key };
}

/** Undoes percent-encoding. @throws {ServiceFault} `InvalidURI`. */
export function decodePath(path: string): string {
  if (!isPercentEncoded(path))
    throw new ServiceFault('InvalidURI', "Couldn't parse the specified URI.");
  return decodeURIComponent(path);
}

function isPercentEncoded(text: string): boolean {
  try {
    return decodeURIComponent(text).length >= 0;
  } catch {
    return false;
  }
}

/** Names a bucket to IAM. */
export function bucketArn(bucketName: string): string {
  return `arn:aws:s3:::${bucketName}`;
}

/** Names an object to IAM. */
export function objectArn({ bucketName, key }: ObjectAddress): string {
  return `arn:aws:s3:::${bucketName}/${key}`;
}
