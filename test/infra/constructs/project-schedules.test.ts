import { describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '#functions/project-schedules/environment.ts';
import { grantsOf, propertiesOf, variablesOf } from '#test/support/almanac-template.ts';

describe('ProjectSchedules', () => {
  it('alone may change schedules in EventBridge, those of its group, and may pass on the one role', () => {
    expect(grantsOf('ProjectSchedulesRole')).toEqual([
      'dynamodb:DescribeStream on TablesSchedules.StreamArn',
      'dynamodb:GetRecords on TablesSchedules.StreamArn',
      'dynamodb:GetShardIterator on TablesSchedules.StreamArn',
      'dynamodb:ListStreams on *',
      'dynamodb:Query on TablesSchedules.Arn',
      'dynamodb:UpdateItem on TablesSchedules.Arn',
      'iam:PassRole on SchedulingExecutionRole.Arn if {"StringEquals":{"iam:PassedToService":"scheduler.amazonaws.com"}}',
      'logs:CreateLogStream on ProjectSchedulesLog.Arn',
      'logs:PutLogEvents on ProjectSchedulesLog.Arn',
      'scheduler:CreateSchedule on arn:AWS::Partition:scheduler:AWS::Region:AWS::AccountId:schedule/Almanac-dev/*',
      'scheduler:DeleteSchedule on arn:AWS::Partition:scheduler:AWS::Region:AWS::AccountId:schedule/Almanac-dev/*',
      'scheduler:UpdateSchedule on arn:AWS::Partition:scheduler:AWS::Region:AWS::AccountId:schedule/Almanac-dev/*',
      'sqs:SendMessage on QueuesFailedBatches.Arn',
      'sqs:SendMessage on QueuesStarts.Arn',
    ]);
  });

  it('has the variables that it reads, and no others', () => {
    expect(variablesOf('ProjectSchedulesFunction')).toEqual({
      SCHEDULES_TABLE: 'TablesSchedules',
      STARTS_QUEUE_URL: 'QueuesStarts',
      SCHEDULE_GROUP: 'Almanac-dev',
      SCHEDULER_ROLE_ARN: 'SchedulingExecutionRole.Arn',
      TASK_FUNCTION_ARN_PREFIX:
        'arn:AWS::Partition:lambda:AWS::Region:AWS::AccountId:function:Almanac-dev-task-',
      ADVANCE_FUNCTION_ARN: 'AdvanceScheduleFunction.Arn',
      UNDELIVERED_QUEUE_ARN: 'QueuesUndeliveredStarts.Arn',
    });
    expect(Object.keys(variablesOf('ProjectSchedulesFunction')).toSorted()).toEqual(
      ENVIRONMENT.toSorted(),
    );
  });

  it('wakes on pending states alone, and gives a change up to the failed batches at last', () => {
    expect(propertiesOf('ProjectSchedulesStream')).toEqual({
      FunctionName: 'ProjectSchedulesFunction',
      EventSourceArn: 'TablesSchedules.StreamArn',
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 100,
      FilterCriteria: {
        Filters: [
          { Pattern: '{"dynamodb":{"NewImage":{"sync":{"M":{"state":{"S":["pending"]}}}}}}' },
        ],
      },
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 100,
      MaximumRecordAgeInSeconds: 21_600,
      DestinationConfig: { OnFailure: { Destination: 'QueuesFailedBatches.Arn' } },
    });
  });
});
