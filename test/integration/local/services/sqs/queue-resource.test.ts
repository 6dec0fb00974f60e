import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { deployTemplate } from '#local/template/deploy-template.ts';
import { type Json, parseTemplate } from '#local/template/parse-template.ts';
import { type StorageServer, serveStorage } from '#test/support/serve-storage.ts';

/** What aws-cdk-lib 2.276 makes of a queue with a dead-letter queue that enforces TLS. */
function deploy(server: StorageServer, changes: Record<string, Json> = {}, effect = 'Deny') {
  const template = parseTemplate({
    Resources: {
      Starts: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          DelaySeconds: 0,
          ReceiveMessageWaitTimeSeconds: 3,
          RedrivePolicy: {
            deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] },
            maxReceiveCount: 5,
          },
          SqsManagedSseEnabled: true,
          VisibilityTimeout: 360,
          ...changes,
        },
      },
      Dead: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1_209_600 } },
      StartsPolicy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Action: 'sqs:*',
                Condition: { Bool: { 'aws:SecureTransport': 'false' } },
                Effect: effect,
                Principal: { AWS: '*' },
                Resource: { 'Fn::GetAtt': ['Starts', 'Arn'] },
              },
            ],
          },
          Queues: [{ Ref: 'Starts' }],
        },
      },
    },
    Outputs: { Url: { Value: { Ref: 'Starts' } } },
  });
  const place = { stackName: 'Almanac-dev', region: 'us-east-1', account: '000000000000' };
  return deployTemplate(template, place, server.sqs.resourceTypes);
}

describe('AWS::SQS::Queue', () => {
  it('is made as the CDK synthesizes it, and keeps its name when it is made again', async () => {
    await using server = await serveStorage();

    const { outputs, resources } = await deploy(server);
    const again = await deploy(server);

    const QueueUrl = outputs['Url'] ?? '';
    expect(again.outputs).toEqual(outputs);
    expect(QueueUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/000000000000\/Almanac-dev-Starts-\w+$/);
    expect(resources.get('Starts')?.attributes).toMatchObject({
      QueueName: QueueUrl.split('/').at(-1),
      QueueUrl,
    });
    const { Attributes = {} } = await server.sqsClient.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    expect(Attributes).toMatchObject({ VisibilityTimeout: '360', DelaySeconds: '0' });
    expect(JSON.parse(Attributes['RedrivePolicy'] ?? '')).toEqual({
      deadLetterTargetArn: resources.get('Dead')?.attributes['Arn'],
      maxReceiveCount: 5,
    });
    expect(JSON.parse(Attributes['Policy'] ?? '')).toMatchObject({
      Statement: [{ Resource: resources.get('Starts')?.attributes['Arn'] }],
    });
  });

  it.each<[string, Record<string, Json>, string]>([
    ['as a FIFO queue', { FifoQueue: true }, 'FIFO queues are not served'],
    ['with a key of KMS', { KmsMasterKeyId: 'alias/aws/sqs' }, 'KmsMasterKeyId'],
    ['with a delay out of range', { DelaySeconds: 901 }, 'DelaySeconds'],
  ])('is refused %s', async (_, changes, reason) => {
    await using server = await serveStorage();

    await expect(deploy(server, changes)).rejects.toThrow(reason);
  });

  it('is refused with a policy that grants', async () => {
    await using server = await serveStorage();

    await expect(deploy(server, {}, 'Allow')).rejects.toThrow('AWS::SQS::QueuePolicy');
  });
});
