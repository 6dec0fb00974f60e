import { describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '#functions/advance-schedule/environment.ts';
import { grantsOf, propertiesOf, variablesOf } from '#test/support/almanac-template.ts';

describe('AdvanceSchedule', () => {
  it('may read schedules and move their plans, write jobs that are not run, send starts, and nothing else', () => {
    expect(grantsOf('AdvanceScheduleRole')).toEqual([
      'dynamodb:PutItem on TablesJobs.Arn',
      'dynamodb:Query on TablesSchedules.Arn',
      'dynamodb:UpdateItem on TablesSchedules.Arn',
      'logs:CreateLogStream on AdvanceScheduleLog.Arn',
      'logs:PutLogEvents on AdvanceScheduleLog.Arn',
      'sqs:SendMessage on QueuesFailedInvocations.Arn',
      'sqs:SendMessage on QueuesStarts.Arn',
    ]);
  });

  it('has the variables that it reads, and no others', () => {
    expect(variablesOf('AdvanceScheduleFunction')).toEqual({
      SCHEDULES_TABLE: 'TablesSchedules',
      JOBS_TABLE: 'TablesJobs',
      STARTS_QUEUE_URL: 'QueuesStarts',
    });
    expect(Object.keys(variablesOf('AdvanceScheduleFunction')).toSorted()).toEqual(
      ENVIRONMENT.toSorted(),
    );
  });

  it('leaves what it could not take to the queue of failed invocations at once, and may be told again from there', () => {
    expect(propertiesOf('AdvanceScheduleInvocations')).toMatchObject({
      FunctionName: 'AdvanceScheduleFunction',
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: 'QueuesFailedInvocations.Arn' } },
    });
    expect(propertiesOf('AdvanceScheduleFunction')['RecursiveLoop']).toBe('Allow');
  });
});
