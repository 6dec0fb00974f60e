import { describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '#functions/settle-undelivered/environment.ts';
import { grantsOf, propertiesOf, variablesOf } from '#test/support/almanac-template.ts';

describe('SettleUndelivered', () => {
  it('may read both queues of failures, settle jobs, take up unsettled outcomes, and nothing else', () => {
    expect(grantsOf('SettleUndeliveredRole')).toEqual([
      'dynamodb:GetItem on TablesJobs.Arn',
      'dynamodb:PutItem on TablesJobs.Arn',
      'dynamodb:UpdateItem on TablesJobs.Arn',
      'logs:CreateLogStream on SettleUndeliveredLog.Arn',
      'logs:PutLogEvents on SettleUndeliveredLog.Arn',
      's3:DeleteObject on PayloadsBucket.Arn/unsettled/*',
      's3:GetObject on PayloadsBucket.Arn/unsettled/*',
      's3:ListBucket on PayloadsBucket.Arn',
      'sqs:DeleteMessage on QueuesFailedInvocations.Arn',
      'sqs:DeleteMessage on QueuesUndeliveredStarts.Arn',
      'sqs:GetQueueAttributes on QueuesFailedInvocations.Arn',
      'sqs:GetQueueAttributes on QueuesUndeliveredStarts.Arn',
      'sqs:ReceiveMessage on QueuesFailedInvocations.Arn',
      'sqs:ReceiveMessage on QueuesUndeliveredStarts.Arn',
      'sqs:SendMessage on QueuesFailedInvocations.Arn',
      'sqs:SendMessage on QueuesStarts.Arn',
    ]);
  });

  it('has the variables that it reads, and no others', () => {
    expect(variablesOf('SettleUndeliveredFunction')).toEqual({
      JOBS_TABLE: 'TablesJobs',
      PAYLOAD_BUCKET: 'PayloadsBucket',
      STARTS_QUEUE_URL: 'QueuesStarts',
      FAILED_INVOCATIONS_QUEUE_URL: 'QueuesFailedInvocations',
    });
    expect(Object.keys(variablesOf('SettleUndeliveredFunction')).toSorted()).toEqual(
      ENVIRONMENT.toSorted(),
    );
  });

  it.each(['UndeliveredStarts', 'FailedInvocations'])(
    'gets what arrives in %s, and gives back just those that fail',
    (queue) => {
      expect(propertiesOf(`SettleUndelivered${queue}`)).toEqual({
        FunctionName: 'SettleUndeliveredFunction',
        EventSourceArn: `Queues${queue}.Arn`,
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      });
    },
  );

  it('may send a failure round its queue again until the lease has ended', () => {
    expect(propertiesOf('SettleUndeliveredFunction')['RecursiveLoop']).toBe('Allow');
  });
});
