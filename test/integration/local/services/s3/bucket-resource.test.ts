import { GetBucketPolicyCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { deployTemplate } from '#local/template/deploy-template.ts';
import { type Json, parseTemplate } from '#local/template/parse-template.ts';
import { type StorageServer, serveStorage } from '#test/support/serve-storage.ts';

/** What aws-cdk-lib 2.276 makes of a private, encrypted bucket with lifecycle rules that enforces TLS. */
const BUCKET = {
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [
      { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
    ],
  },
  LifecycleConfiguration: {
    Rules: [
      { ExpirationInDays: 8, Id: '1d', Prefix: 'results/1d/', Status: 'Enabled' },
      { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' },
    ],
  },
  OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  },
};

function denying(Condition: Json): Json {
  const arn = { 'Fn::GetAtt': ['PayloadsCDFAA0A2', 'Arn'] };
  return {
    Action: 's3:*',
    Condition,
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Resource: [arn, { 'Fn::Join': ['', [arn, '/*']] }],
  };
}

function deploy(server: StorageServer, changes: Record<string, Json>, statements: Json[] = []) {
  const template = parseTemplate({
    Resources: {
      PayloadsPolicyF642221F: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: {
          Bucket: { Ref: 'PayloadsCDFAA0A2' },
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [denying({ Bool: { 'aws:SecureTransport': 'false' } }), ...statements],
          },
        },
      },
      PayloadsCDFAA0A2: {
        Type: 'AWS::S3::Bucket',
        Properties: { ...BUCKET, ...changes },
        UpdateReplacePolicy: 'Retain',
        DeletionPolicy: 'Retain',
      },
    },
    Outputs: { PayloadBucket: { Value: { Ref: 'PayloadsCDFAA0A2' } } },
  });
  const place = { stackName: 'Almanac-dev', region: 'us-east-1', account: '000000000000' };
  return deployTemplate(template, place, server.s3.resourceTypes);
}

describe('AWS::S3::Bucket', () => {
  it('is made as the CDK synthesizes it, under a valid name where the template leaves it open', async () => {
    await using server = await serveStorage();

    const { outputs, resources } = await deploy(server, {}, [
      denying({ NumericLessThan: { 's3:TlsVersion': 1.2 } }),
    ]);

    const name = 'almanac-dev-payloadscdfaa0a2-000000000000';
    expect(outputs['PayloadBucket']).toBe(name);
    expect(resources.get('PayloadsCDFAA0A2')?.attributes).toMatchObject({
      Arn: `arn:aws:s3:::${name}`,
      RegionalDomainName: `${name}.s3.us-east-1.amazonaws.com`,
    });
    const put = new PutObjectCommand({ Bucket: name, Key: 'results/1d/a', Body: 'x' });
    expect((await server.s3Client.send(put)).Expiration).toContain('rule-id="1d"');
    const { Policy } = await server.s3Client.send(new GetBucketPolicyCommand({ Bucket: name }));
    expect(JSON.parse(Policy ?? '')).toMatchObject({
      Statement: [{ Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`] }, {}],
    });
  });

  it.each<[string, Record<string, Json>]>([
    ['versions', { VersioningConfiguration: { Status: 'Enabled' } }],
    [
      'transitions',
      {
        LifecycleConfiguration: {
          Rules: [{ Status: 'Enabled', Transitions: [{ StorageClass: 'GLACIER' }] }],
        },
      },
    ],
    [
      'another encryption',
      {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
          ],
        },
      },
    ],
    ['a property that nothing here reads', { ReplicationConfiguration: {} }],
  ])('is refused with %s', async (_, changes) => {
    await using server = await serveStorage();

    await expect(deploy(server, changes)).rejects.toThrow('PayloadsCDFAA0A2 (AWS::S3::Bucket)');
  });

  it('is refused with a policy that means more than insecure transport', async () => {
    await using server = await serveStorage();
    const statement = denying({ StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } });

    await expect(deploy(server, {}, [statement])).rejects.toThrow('AWS::S3::BucketPolicy');
  });
});
