import { ServiceFault } from '#local/services/local-service.ts';
import type { StoredObject } from '#local/services/s3/stored-object.ts';

type Headers = Readonly<Record<string, string>>;

/**
 * Holds a write's If-None-Match and If-Match against the object that is there.
 *
 * Call it in the same synchronous step as the write that it guards.
 *
 * @throws {ServiceFault} `PreconditionFailed`, `NoSuchKey` for an If-Match on a key that is not there, or `NotImplemented`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function requireWriteConditions(
  headers: Headers,
  existing: Pick<StoredObject, 'etag'> | undefined,
): void {
  const ifNoneMatch = headers['if-none-match'];
  const ifMatch = headers['if-match'];
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*')
    throw new ServiceFault(
      'NotImplemented',
      'A header you provided implies functionality that is not implemented',
      { status: 501, members: { Header: 'If-None-Match' } },
    );
  if (ifNoneMatch === '*' && existing) throw failed('If-None-Match');
  if (ifMatch === undefined) return;
  if (!existing)
    throw new ServiceFault('NoSuchKey', 'The specified key does not exist.', { status: 404 });
  if (!matches(ifMatch, existing.etag)) throw failed('If-Match');
}

/**
 * Holds a read's conditions against an object.
 *
 * @returns Whether the client's copy is still good: 304.
 * @throws {ServiceFault} `PreconditionFailed`.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2
 */
export function isNotModified(headers: Headers, object: StoredObject): boolean {
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  const unmodifiedSinceMs = Date.parse(headers['if-unmodified-since'] ?? '');
  if (ifMatch !== undefined && !matches(ifMatch, object.etag)) throw failed('If-Match');
  if (ifMatch === undefined && object.lastModifiedMs > unmodifiedSinceMs)
    throw failed('If-Unmodified-Since');
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, object.etag);
  return object.lastModifiedMs <= Date.parse(headers['if-modified-since'] ?? '');
}

function matches(condition: string, etag: string): boolean {
  return condition
    .split(',')
    .map((each) => each.trim().replace(/^W\//, '').replaceAll('"', ''))
    .some((each) => each === '*' || each === etag);
}

function failed(condition: string): ServiceFault {
  return new ServiceFault(
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
    { status: 412, members: { Condition: condition } },
  );
}
