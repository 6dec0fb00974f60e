import type { Clock } from '#local/clock.ts';
import type { Authorizer, Permission } from '#local/iam/caller.ts';
import {
  type Operation,
  ServiceFault,
  type WireRequest,
  type WireResponse,
} from '#local/services/local-service.ts';
import type { BlobStore } from '#local/services/s3/blob-store.ts';
import type { Bucket, Buckets } from '#local/services/s3/bucket.ts';
import {
  bucketArn,
  type ObjectAddress,
  objectArn,
  parseAddress,
} from '#local/services/s3/object-address.ts';
import type { StoredObject } from '#local/services/s3/stored-object.ts';
import { renderXml, type XmlContent } from '#local/services/s3/xml.ts';

/** What S3's operations work with. */
export interface S3Parts {
  readonly clock: Clock;
  readonly buckets: Buckets;
  readonly blobs: BlobStore;
  readonly authorizer: Authorizer | undefined;
  readonly region: string;
  readonly account: string;
  readonly endpoint: () => string;
}

/** One call of S3: what was sent, and what it is about. */
export interface S3Call {
  readonly request: WireRequest;
  readonly address: ObjectAddress;
  readonly parts: S3Parts;
}

/** Understands one operation of S3. */
export type S3Handler = (call: S3Call) => Operation;

/** Names a permission on the call's object. */
export function onObject(action: string, { address }: Pick<S3Call, 'address'>): Permission {
  return { action: `s3:${action}`, resource: objectArn(address) };
}

/** Names a permission on the call's bucket. */
export function onBucket(action: string, { address }: Pick<S3Call, 'address'>): Permission {
  return { action: `s3:${action}`, resource: bucketArn(address.bucketName) };
}

/** Finds the call's bucket. @throws {ServiceFault} `NoSuchBucket`. */
export function bucketOf({ address, parts }: S3Call): Bucket {
  return parts.buckets.require(address.bucketName);
}

/** An object that a call found, and where. */
export interface FoundObject {
  readonly bucket: Bucket;
  readonly key: string;
  readonly object: StoredObject;
}

/**
 * Finds an object to read.
 *
 * @throws {ServiceFault} `NoSuchKey`; to a caller who may not list the bucket `AccessDenied` in its stead, as on AWS.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function findObject(call: S3Call): FoundObject {
  const bucket = bucketOf(call);
  const { key } = call.address;
  const object = bucket.get(key);
  if (object) return { bucket, key, object };
  const decision = call.parts.authorizer?.decide(call.request.caller, onBucket('ListBucket', call));
  throw decision?.kind === 'denied'
    ? new ServiceFault('AccessDenied', decision.message, { status: 403 })
    : new ServiceFault('NoSuchKey', 'The specified key does not exist.', {
        status: 404,
        members: { Key: key },
      });
}

/** Points a call at the source of its copy. @throws {ServiceFault} `NotImplemented` for a source's version. */
export function atCopySource(call: S3Call): S3Call {
  const [path = '', version] = (call.request.headers['x-amz-copy-source'] ?? '').split('?');
  if (version !== undefined) throw notServed('A version of a copy source');
  return { ...call, address: parseAddress(path) };
}

/** Answers with an XML document in S3's namespace. */
export function xmlAnswer(root: string, content: XmlContent): WireResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: renderXml(root, content, 'http://s3.amazonaws.com/doc/2006-03-01/'),
  };
}

/** Refuses what S3 has and the local cloud does not. */
export function notServed(what: string): ServiceFault {
  return new ServiceFault('NotImplemented', `${what} is not served by the local cloud.`, {
    status: 501,
  });
}

/** Writes an instant as S3's XML has it, as `2026-11-23T09:00:00.000Z`. */
export function isoInstant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
