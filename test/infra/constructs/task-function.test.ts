import { describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '#shared/runner/environment.ts';
import { grantsOf, propertiesOf, variablesOf } from '#test/support/almanac-template.ts';

describe('TaskFunction', () => {
  it('may claim and settle jobs, see who waits, look back, look at schedules, keep payloads, send starts, and nothing else', () => {
    expect(grantsOf('TaskuptimecheckRole')).toEqual([
      'dynamodb:GetItem on TablesJobs.Arn',
      'dynamodb:PutItem on TablesJobs.Arn',
      'dynamodb:Query on TablesJobs.Arn',
      'dynamodb:Query on TablesJobs.Arn/index/byWaiting',
      'dynamodb:Query on TablesSchedules.Arn',
      'dynamodb:UpdateItem on TablesJobs.Arn',
      'logs:CreateLogStream on TaskuptimecheckLog.Arn',
      'logs:PutLogEvents on TaskuptimecheckLog.Arn',
      's3:AbortMultipartUpload on PayloadsBucket.Arn/results/*',
      's3:GetObject on PayloadsBucket.Arn/results/*',
      's3:PutObject on PayloadsBucket.Arn/results/*',
      's3:PutObject on PayloadsBucket.Arn/unsettled/*',
      'sqs:SendMessage on QueuesFailedInvocations.Arn',
      'sqs:SendMessage on QueuesStarts.Arn',
    ]);
  });

  it('has the variables that the runner reads, and no others', () => {
    expect(variablesOf('TaskuptimecheckFunction')).toEqual({
      JOBS_TABLE: 'TablesJobs',
      SCHEDULES_TABLE: 'TablesSchedules',
      PAYLOAD_BUCKET: 'PayloadsBucket',
      STARTS_QUEUE_URL: 'QueuesStarts',
      TASK_ID: 'uptime-check',
    });
    expect(Object.keys(variablesOf('TaskuptimecheckFunction')).toSorted()).toEqual(
      ENVIRONMENT.toSorted(),
    );
  });

  it('is named so that the prefix and the id of the task make its ARN', () => {
    expect(propertiesOf('TasksalesreportFunction')['FunctionName']).toBe(
      'Almanac-dev-task-sales-report',
    );
    expect(String(variablesOf('StartJobsFunction')['TASK_FUNCTION_ARN_PREFIX'])).toMatch(
      /:function:Almanac-dev-task-$/,
    );
  });

  it('is never retried by Lambda: what fails goes to the failed invocations at once', () => {
    expect(propertiesOf('TaskflakyimportInvocations')).toEqual({
      FunctionName: 'TaskflakyimportFunction',
      Qualifier: '$LATEST',
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 21_600,
      DestinationConfig: { OnFailure: { Destination: 'QueuesFailedInvocations.Arn' } },
    });
  });

  it('may send its own retries for as long as the policy of the schedule says', () => {
    expect(propertiesOf('TaskflakyimportFunction')['RecursiveLoop']).toBe('Allow');
  });
});
