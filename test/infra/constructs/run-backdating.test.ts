import { describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '#functions/run-backdating/environment.ts';
import { grantsOf, propertiesOf, variablesOf } from '#test/support/almanac-template.ts';

describe('RunBackdating', () => {
  it('may read and change jobs, copy results, write how far a backdating has come, and nothing else', () => {
    expect(grantsOf('RunBackdatingRole')).toEqual([
      'dynamodb:GetItem on TablesJobs.Arn',
      'dynamodb:PutItem on TablesSchedules.Arn',
      'dynamodb:Query on TablesJobs.Arn',
      'dynamodb:Query on TablesSchedules.Arn',
      'dynamodb:UpdateItem on TablesJobs.Arn',
      'logs:CreateLogStream on RunBackdatingLog.Arn',
      'logs:PutLogEvents on RunBackdatingLog.Arn',
      's3:GetObject on PayloadsBucket.Arn/results/*',
      's3:PutObject on PayloadsBucket.Arn/results/*',
      'sqs:SendMessage on QueuesFailedInvocations.Arn',
      'sqs:SendMessage on QueuesStarts.Arn',
    ]);
  });

  it('has the variables that it reads, and no others', () => {
    expect(Object.keys(variablesOf('RunBackdatingFunction')).toSorted()).toEqual(
      ENVIRONMENT.toSorted(),
    );
  });

  it('leaves a step that it could not do to the queue of failed invocations at once, and is stopped before another may begin', () => {
    expect(propertiesOf('RunBackdatingInvocations')).toMatchObject({
      FunctionName: 'RunBackdatingFunction',
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: 'QueuesFailedInvocations.Arn' } },
    });
    expect(propertiesOf('RunBackdatingFunction')).toMatchObject({
      RecursiveLoop: 'Allow',
      Timeout: 120,
    });
  });
});
