import { type Operation, ServiceFault, type WireRequest } from '#local/services/local-service.ts';
import { type KeyPage, type KeyQuery, listKeys } from '#local/services/s3/list-keys.ts';
import {
  bucketOf,
  isoInstant,
  onBucket,
  type S3Call,
  xmlAnswer,
} from '#local/services/s3/s3-call.ts';
import type { XmlElements } from '#local/services/s3/xml.ts';

/** Most keys on one page. See https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
const MOST_KEYS = 1000;

type ListQuery = Omit<KeyQuery, 'after'>;

/** Lists objects by page, from a start or a continuation token. */
export function listObjectsV2(call: S3Call): Operation {
  const { query } = call.request;
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after') ?? '';
  return listing(call, 'ListObjectsV2', {
    after: token === null ? startAfter : readToken(token),
    elements: (page, encode) => ({
      ContinuationToken: token ?? undefined,
      NextContinuationToken: page.next === undefined ? undefined : writeToken(page.next),
      StartAfter: startAfter === '' ? undefined : encode(startAfter),
      KeyCount: page.keys.length + page.commonPrefixes.length,
    }),
    hasOwner: query.get('fetch-owner') === 'true',
  });
}

/** Lists objects by page, from a marker: the older form. */
export function listObjects(call: S3Call): Operation {
  const { query } = call.request;
  const marker = query.get('marker') ?? '';
  const isGrouped = (query.get('delimiter') ?? '') !== '';
  return listing(call, 'ListObjects', {
    after: marker,
    elements: (page, encode) => ({
      Marker: encode(marker),
      NextMarker: isGrouped && page.next !== undefined ? encode(page.next) : undefined,
    }),
    hasOwner: true,
  });
}

interface Form {
  readonly after: string;
  readonly elements: (page: KeyPage, encode: (text: string) => string) => XmlElements;
  readonly hasOwner: boolean;
}

function listing(call: S3Call, name: string, form: Form): Operation {
  const query = readQuery(call.request);
  return {
    name,
    permissions: [{ ...onBucket('ListBucket', call), context: conditionKeys(call.request) }],
    run: () => {
      const bucket = bucketOf(call);
      const page = listKeys(bucket.keys, { ...query, after: form.after });
      const encoding = call.request.query.get('encoding-type');
      const encode = encoding === 'url' ? encodeKey : (text: string): string => text;
      return xmlAnswer('ListBucketResult', {
        Name: bucket.name,
        Prefix: encode(query.prefix),
        Delimiter: query.delimiter === '' ? undefined : encode(query.delimiter),
        MaxKeys: query.limit,
        EncodingType: encoding ?? undefined,
        IsTruncated: page.next !== undefined,
        ...form.elements(page, encode),
        Contents: page.keys.map((key) => contents(call, key, { encode, hasOwner: form.hasOwner })),
        CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
      });
    },
  };
}

function contents(
  call: S3Call,
  key: string,
  how: { readonly encode: (text: string) => string; readonly hasOwner: boolean },
): XmlElements {
  const object = bucketOf(call).get(key);
  return {
    Key: how.encode(key),
    LastModified: object && isoInstant(object.lastModifiedMs),
    ETag: object && `"${object.etag}"`,
    ChecksumAlgorithm: object?.checksum.algorithm,
    ChecksumType: object?.checksum.type,
    Size: object?.bytes,
    StorageClass: 'STANDARD',
    Owner: how.hasOwner ? { ID: call.parts.account } : undefined,
  };
}

function readQuery({ query }: WireRequest): ListQuery {
  const maxKeys = query.get('max-keys') ?? String(MOST_KEYS);
  if (!/^\d{1,10}$/.test(maxKeys))
    throw new ServiceFault(
      'InvalidArgument',
      'Provided max-keys not an integer or within integer range',
      {
        members: { ArgumentName: 'max-keys', ArgumentValue: maxKeys },
      },
    );
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    limit: Math.min(Number(maxKeys), MOST_KEYS),
  };
}

/** The keys by which a policy may narrow a list. See https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
function conditionKeys({ query }: WireRequest): Record<string, string> {
  return Object.fromEntries(
    ['prefix', 'delimiter', 'max-keys'].flatMap((name) => {
      const value = query.get(name);
      return value === null ? [] : [[`s3:${name}`, value]];
    }),
  );
}

function encodeKey(text: string): string {
  return encodeURIComponent(text).replaceAll('%2F', '/');
}

function writeToken(after: string): string {
  return Buffer.from(`1 ${after}`).toString('base64');
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString();
  if (text.startsWith('1 ')) return text.slice(2);
  throw new ServiceFault('InvalidArgument', 'The continuation token provided is incorrect', {
    members: { ArgumentName: 'continuation-token' },
  });
}
