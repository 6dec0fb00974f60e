import type { Operation, WireResponse } from '#local/services/local-service.ts';
import { type ByteRange, parseByteRange } from '#local/services/s3/byte-range.ts';
import { checksumHeaders } from '#local/services/s3/checksum.ts';
import { isNotModified } from '#local/services/s3/conditions.ts';
import { storageHeaders } from '#local/services/s3/put-object.ts';
import {
  type FoundObject,
  findObject,
  notServed,
  onObject,
  type S3Call,
  xmlAnswer,
} from '#local/services/s3/s3-call.ts';

/** Query parameters that replace a header of the answer. See https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
const OVERRIDES = [
  'content-type',
  'content-language',
  'expires',
  'cache-control',
  'content-disposition',
  'content-encoding',
];

/** Gives an object, or a range of it. */
export function getObject(call: S3Call): Operation {
  return {
    name: 'GetObject',
    permissions: [onObject('GetObject', call)],
    run: async () => {
      const { found, head, range } = readHead(call);
      if (head.status === 304) return head;
      const bytes = await call.parts.blobs.read(found.object.blob);
      return { ...head, body: range ? bytes.subarray(range.first, range.last + 1) : bytes };
    },
  };
}

/** Gives what {@link getObject} would, without the bytes. */
export function headObject(call: S3Call): Operation {
  return {
    name: 'HeadObject',
    permissions: [onObject('GetObject', call)],
    run: () => readHead(call).head,
  };
}

/** Tells an object's tags: none, since none can be given here. */
export function getObjectTagging(call: S3Call): Operation {
  return {
    name: 'GetObjectTagging',
    permissions: [onObject('GetObjectTagging', call)],
    run: () => {
      findObject(call);
      return xmlAnswer('Tagging', { TagSet: '' });
    },
  };
}

function readHead(call: S3Call): {
  readonly found: FoundObject;
  readonly head: WireResponse;
  readonly range?: ByteRange | undefined;
} {
  const { headers, query } = call.request;
  if (query.has('partNumber')) throw notServed('Reading an object by part number');
  const found = findObject(call);
  const { bucket, key, object } = found;
  const common = {
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.lastModifiedMs).toUTCString(),
    ...storageHeaders(bucket, key, object),
  };
  if (isNotModified(headers, object)) return { found, head: { status: 304, headers: common } };
  const range = parseByteRange(headers['range'], object.bytes);
  const metadata = Object.entries(object.metadata).map(([name, value]) => [
    `x-amz-meta-${name}`,
    value,
  ]);
  const isChecksumAsked = headers['x-amz-checksum-mode'] === 'ENABLED' && range === undefined;
  return {
    found,
    range,
    head: {
      status: range ? 206 : 200,
      headers: {
        ...common,
        'accept-ranges': 'bytes',
        ...object.headers,
        ...Object.fromEntries(metadata),
        ...(isChecksumAsked && checksumHeaders(object.checksum)),
        ...overrides(query),
        ...lengthHeaders(range, object.bytes),
      },
    },
  };
}

function lengthHeaders(range: ByteRange | undefined, bytes: number): Record<string, string> {
  if (!range) return { 'content-length': String(bytes) };
  return {
    'content-length': String(range.last - range.first + 1),
    'content-range': `bytes ${range.first}-${range.last}/${bytes}`,
  };
}

function overrides(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    OVERRIDES.flatMap((name) => {
      const value = query.get(`response-${name}`);
      return value === null ? [] : [[name, value]];
    }),
  );
}
