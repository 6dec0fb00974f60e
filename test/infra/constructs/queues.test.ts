import { describe, expect, it } from 'vitest';
import { propertiesOf } from '#test/support/almanac-template.ts';

const FORTNIGHT_SECONDS = 1_209_600;

describe('Queues', () => {
  it('hides a start for six times as long as its reader may run', () => {
    expect(propertiesOf('StartJobsFunction')['Timeout']).toBe(30);
    expect(propertiesOf('QueuesStarts')['VisibilityTimeout']).toBe(180);
  });

  it.each(['QueuesUndeliveredStarts', 'QueuesFailedInvocations'])(
    'hides a message of %s for six times as long as its reader may run',
    (queue) => {
      expect(propertiesOf('SettleUndeliveredFunction')['Timeout']).toBe(60);
      expect(propertiesOf(queue)['VisibilityTimeout']).toBe(360);
    },
  );

  it('puts a start that was received five times in vain beside those of EventBridge', () => {
    expect(propertiesOf('QueuesStarts')['RedrivePolicy']).toEqual({
      deadLetterTargetArn: 'QueuesUndeliveredStarts.Arn',
      maxReceiveCount: 5,
    });
  });

  it.each(['QueuesUndeliveredStarts', 'QueuesFailedInvocations', 'QueuesFailedBatches'])(
    'keeps what has failed for a fortnight in %s',
    (queue) => {
      expect(propertiesOf(queue)['MessageRetentionPeriod']).toBe(FORTNIGHT_SECONDS);
    },
  );

  it.each([
    'QueuesStarts',
    'QueuesUndeliveredStarts',
    'QueuesFailedInvocations',
    'QueuesFailedBatches',
  ])('encrypts %s, and refuses it to connections without TLS', (queue) => {
    expect(propertiesOf(queue)['SqsManagedSseEnabled']).toBe(true);
    expect(propertiesOf(`${queue}Policy`)).toMatchObject({
      Queues: [queue],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 'sqs:*',
            Resource: `${queue}.Arn`,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    });
  });
});
