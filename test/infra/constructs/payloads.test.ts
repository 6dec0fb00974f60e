import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { propertiesOf } from '#test/support/almanac-template.ts';

const lifecycle = z.object({
  Rules: z.array(
    z.object({
      Status: z.literal('Enabled'),
      Prefix: z.string().optional(),
      ExpirationInDays: z.number().optional(),
      AbortIncompleteMultipartUpload: z.object({ DaysAfterInitiation: z.number() }).optional(),
    }),
  ),
});

describe('Payloads', () => {
  it('deletes the objects of each class a week after the class, what is archived with its own, and unsettled outcomes after two weeks', () => {
    const { Rules } = lifecycle.parse(propertiesOf('PayloadsBucket')['LifecycleConfiguration']);

    const days = Rules.flatMap(({ Prefix, ExpirationInDays }) =>
      ExpirationInDays === undefined ? [] : [[Prefix, ExpirationInDays]],
    );
    expect(days).toEqual([
      ['results/1d/', 8],
      ['results/7d/', 14],
      ['results/30d/', 37],
      ['results/90d/', 97],
      ['results/365d/', 372],
      ['results/3660d/', 3667],
      ['archive/keep=30d/', 30],
      ['archive/keep=90d/', 90],
      ['archive/keep=365d/', 365],
      ['archive/keep=1095d/', 1095],
      ['archive/keep=2555d/', 2555],
      ['archive/keep=3660d/', 3660],
      ['unsettled/', 14],
    ]);
  });

  it('drops uploads that were left unfinished for a day, wherever they are', () => {
    const { Rules } = lifecycle.parse(propertiesOf('PayloadsBucket')['LifecycleConfiguration']);

    const aborting = Rules.filter((rule) => rule.AbortIncompleteMultipartUpload);
    expect(aborting).toEqual([
      { Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
    ]);
  });

  it('encrypts what it holds, and keeps no versions', () => {
    expect(propertiesOf('PayloadsBucket')['BucketEncryption']).toEqual({
      ServerSideEncryptionConfiguration: [
        { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
      ],
    });
    expect(propertiesOf('PayloadsBucket')).not.toHaveProperty('VersioningConfiguration');
  });

  it('is closed to the public and to connections without TLS', () => {
    expect(propertiesOf('PayloadsBucket')['PublicAccessBlockConfiguration']).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(propertiesOf('PayloadsBucketPolicy')['PolicyDocument']).toMatchObject({
      Statement: [
        {
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: 's3:*',
          Resource: ['PayloadsBucket.Arn', 'PayloadsBucket.Arn/*'],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });
  });
});
