import * as z from 'zod';
import type { Buckets } from '#local/services/s3/bucket.ts';
import type { LifecycleRule } from '#local/services/s3/lifecycle-rule.ts';
import { generatedRuleId } from '#local/services/s3/lifecycle-xml.ts';
import { bucketArn } from '#local/services/s3/object-address.ts';
import { transportPolicy } from '#local/services/s3/transport-policy.ts';
import {
  type NamingScope,
  type ResourceType,
  resourceType,
} from '#local/template/resource-type.ts';

/** Longest bucket name. See https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const LONGEST_NAME = 63;

const days = z.coerce.number().int().positive();

const templateRule = z
  .strictObject({
    Id: z.string().optional(),
    Status: z.enum(['Enabled', 'Disabled']),
    Prefix: z.string().optional(),
    ObjectSizeGreaterThan: z.coerce.number().int().optional(),
    ObjectSizeLessThan: z.coerce.number().int().optional(),
    ExpirationInDays: days.optional(),
    ExpirationDate: z.iso.datetime({ offset: true }).optional(),
    AbortIncompleteMultipartUpload: z.strictObject({ DaysAfterInitiation: days }).optional(),
    /** Taken, and without anything to act on: versions are not kept here. */
    NoncurrentVersionExpiration: z
      .strictObject({
        NoncurrentDays: days,
        NewerNoncurrentVersions: days.optional(),
      })
      .optional(),
  })
  .transform(
    (rule): LifecycleRule => ({
      id: rule.Id ?? generatedRuleId(rule),
      isEnabled: rule.Status === 'Enabled',
      prefix: rule.Prefix ?? '',
      largerThanBytes: rule.ObjectSizeGreaterThan,
      smallerThanBytes: rule.ObjectSizeLessThan,
      expirationDays: rule.ExpirationInDays,
      expirationDateMs:
        rule.ExpirationDate === undefined ? undefined : Date.parse(rule.ExpirationDate),
      abortUploadsAfterDays: rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation,
    }),
  );

const bucketProperties = z.strictObject({
  BucketName: z.string().optional(),
  LifecycleConfiguration: z.strictObject({ Rules: z.array(templateRule) }).optional(),
  BucketEncryption: z
    .strictObject({
      ServerSideEncryptionConfiguration: z.tuple([
        z.strictObject({
          BucketKeyEnabled: z.boolean().optional(),
          ServerSideEncryptionByDefault: z.strictObject({ SSEAlgorithm: z.literal('AES256') }),
        }),
      ]),
    })
    .optional(),
  VersioningConfiguration: z.strictObject({ Status: z.literal('Suspended') }).optional(),
  Tags: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).optional(),
});

const bucketPolicyProperties = z.strictObject({
  Bucket: z.string(),
  PolicyDocument: transportPolicy,
});

/** Tells the resource types that S3 makes. */
export function s3ResourceTypes(buckets: Buckets): readonly ResourceType[] {
  return [bucketType(buckets), bucketPolicyType(buckets)];
}

function bucketType(buckets: Buckets): ResourceType {
  return resourceType({
    type: 'AWS::S3::Bucket',
    properties: bucketProperties,
    inert: {
      PublicAccessBlockConfiguration:
        'Nothing here is public: the endpoint is on the loopback address and refuses unsigned requests.',
      OwnershipControls: 'There is one account, and access control lists are not kept.',
    },
    identify: (scope) => {
      const name = scope.property('BucketName') ?? generatedName(scope);
      return {
        ref: name,
        attributes: {
          Arn: bucketArn(name),
          DomainName: `${name}.s3.amazonaws.com`,
          RegionalDomainName: `${name}.s3.${scope.region}.amazonaws.com`,
          DualStackDomainName: `${name}.s3.dualstack.${scope.region}.amazonaws.com`,
          WebsiteURL: `http://${name}.s3-website-${scope.region}.amazonaws.com`,
        },
      };
    },
    create: (properties, identity) =>
      buckets.ensure(identity.ref).configure({
        rules: properties.LifecycleConfiguration?.Rules ?? [],
        tags: properties.Tags ?? [],
        policy: undefined,
      }),
  });
}

function bucketPolicyType(buckets: Buckets): ResourceType {
  return resourceType({
    type: 'AWS::S3::BucketPolicy',
    properties: bucketPolicyProperties,
    inert: {},
    identify: (scope) => ({
      ref: scope.property('Bucket') ?? `${scope.stackName}-${scope.logicalId}`,
      attributes: {},
    }),
    create: (properties) =>
      buckets.require(properties.Bucket).configure({ policy: properties.PolicyDocument }),
  });
}

/** Shortens the logical id, not the account that makes the name one's own. */
function generatedName({ stackName, logicalId, account }: NamingScope): string {
  const front = `${stackName}-${logicalId}`.slice(0, LONGEST_NAME - account.length - 1);
  return `${front}-${account}`.toLowerCase().replaceAll(/[^a-z\d-]/g, '-');
}
