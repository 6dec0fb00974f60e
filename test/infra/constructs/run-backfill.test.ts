import { describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '#functions/run-backfill/environment.ts';
import { grantsOf, propertiesOf, variablesOf } from '#test/support/almanac-template.ts';

describe('RunBackfill', () => {
  it('may read schedules and write how far a backfill has come, look at jobs, send starts, and nothing else', () => {
    expect(grantsOf('RunBackfillRole')).toEqual([
      'dynamodb:BatchGetItem on TablesJobs.Arn',
      'dynamodb:PutItem on TablesSchedules.Arn',
      'dynamodb:Query on TablesJobs.Arn',
      'dynamodb:Query on TablesSchedules.Arn',
      'logs:CreateLogStream on RunBackfillLog.Arn',
      'logs:PutLogEvents on RunBackfillLog.Arn',
      'sqs:SendMessage on QueuesFailedInvocations.Arn',
      'sqs:SendMessage on QueuesStarts.Arn',
    ]);
  });

  it('has the variables that it reads, and no others', () => {
    expect(variablesOf('RunBackfillFunction')).toEqual({
      SCHEDULES_TABLE: 'TablesSchedules',
      JOBS_TABLE: 'TablesJobs',
      STARTS_QUEUE_URL: 'QueuesStarts',
    });
    expect(Object.keys(variablesOf('RunBackfillFunction')).toSorted()).toEqual(
      ENVIRONMENT.toSorted(),
    );
  });

  it('leaves a step that it could not do to the queue of failed invocations at once, and goes round for as long as it takes', () => {
    expect(propertiesOf('RunBackfillInvocations')).toMatchObject({
      FunctionName: 'RunBackfillFunction',
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: 'QueuesFailedInvocations.Arn' } },
    });
    expect(propertiesOf('RunBackfillFunction')['RecursiveLoop']).toBe('Allow');
  });
});
