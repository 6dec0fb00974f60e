import { type Operation, ServiceFault } from '#local/services/local-service.ts';
import { DEFAULT_ALGORITHM, verifyChecksums } from '#local/services/s3/checksum.ts';
import { lifecycleElements, parseLifecycle } from '#local/services/s3/lifecycle-xml.ts';
import { readRequestBody } from '#local/services/s3/request-body.ts';
import {
  bucketOf,
  isoInstant,
  onBucket,
  type S3Call,
  xmlAnswer,
} from '#local/services/s3/s3-call.ts';
import type { XmlElements } from '#local/services/s3/xml.ts';

/** Lists all buckets. */
export function listBuckets({ parts }: S3Call): Operation {
  return {
    name: 'ListBuckets',
    permissions: [{ action: 's3:ListAllMyBuckets', resource: '*' }],
    run: () =>
      xmlAnswer('ListAllMyBucketsResult', {
        Owner: { ID: parts.account },
        Buckets: {
          Bucket: parts.buckets.all().map((bucket) => ({
            Name: bucket.name,
            CreationDate: isoInstant(bucket.createdAtMs),
            BucketRegion: parts.region,
          })),
        },
      }),
  };
}

/** Tells whether a bucket is there, and in which region. */
export function headBucket(call: S3Call): Operation {
  return {
    name: 'HeadBucket',
    permissions: [onBucket('ListBucket', call)],
    run: () => {
      bucketOf(call);
      return { status: 200, headers: { 'x-amz-bucket-region': call.parts.region } };
    },
  };
}

/** Tells a bucket's region: for us-east-1 an empty element, as on AWS. */
export const getBucketLocation = reading('GetBucketLocation', 'GetBucketLocation', (call) => {
  bucketOf(call);
  return { LocationConstraint: call.parts.region === 'us-east-1' ? '' : call.parts.region };
});

/** Tells whether a bucket keeps versions: an empty answer means that it never has. */
export const getBucketVersioning = reading('GetBucketVersioning', 'GetBucketVersioning', (call) => {
  bucketOf(call);
  return { VersioningConfiguration: '' };
});

/** Tells how a bucket's objects are encrypted: S3's own default. */
export const getBucketEncryption = reading(
  'GetBucketEncryption',
  'GetEncryptionConfiguration',
  (call) => {
    bucketOf(call);
    return {
      ServerSideEncryptionConfiguration: {
        Rule: {
          ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' },
          BucketKeyEnabled: false,
        },
      },
    };
  },
);

/** Tells a bucket's tags. */
export const getBucketTagging = reading('GetBucketTagging', 'GetBucketTagging', (call) => {
  const { tags } = bucketOf(call).settings;
  if (tags.length === 0) throw absent('NoSuchTagSet', 'The TagSet does not exist');
  return { Tagging: { TagSet: { Tag: tags } } };
});

/** Tells when a bucket's objects and uploads end. */
export const getBucketLifecycle = reading(
  'GetBucketLifecycleConfiguration',
  'GetLifecycleConfiguration',
  (call) => {
    const { rules } = bucketOf(call).settings;
    if (rules.length === 0)
      throw absent('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist');
    return { LifecycleConfiguration: lifecycleElements(rules) };
  },
);

/** Replaces a bucket's lifecycle rules, until the template is deployed again. */
export function putBucketLifecycle(call: S3Call): Operation {
  return {
    name: 'PutBucketLifecycleConfiguration',
    permissions: [onBucket('PutLifecycleConfiguration', call)],
    run: () => {
      const { bytes, trailers } = readRequestBody(call.request);
      verifyChecksums({ ...call.request.headers, ...trailers }, bytes, DEFAULT_ALGORITHM);
      bucketOf(call).configure({ rules: parseLifecycle(bytes.toString()) });
      return { status: 200 };
    },
  };
}

/** Gives a bucket's policy as JSON. */
export function getBucketPolicy(call: S3Call): Operation {
  return {
    name: 'GetBucketPolicy',
    permissions: [onBucket('GetBucketPolicy', call)],
    run: () => {
      const { policy } = bucketOf(call).settings;
      if (policy === undefined)
        throw absent('NoSuchBucketPolicy', 'The bucket policy does not exist');
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(policy),
      };
    },
  };
}

function reading(
  name: string,
  action: string,
  read: (call: S3Call) => XmlElements,
): (call: S3Call) => Operation {
  return (call) => ({
    name,
    permissions: [onBucket(action, call)],
    run: () => {
      const [[root, content] = ['', '']] = Object.entries(read(call));
      return xmlAnswer(root, content);
    },
  });
}

function absent(code: string, message: string): ServiceFault {
  return new ServiceFault(code, message, { status: 404 });
}
