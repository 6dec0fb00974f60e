import { describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '#functions/start-jobs/environment.ts';
import { grantsOf, propertiesOf, variablesOf } from '#test/support/almanac-template.ts';

describe('StartJobs', () => {
  it('may start each task, advance schedules, run errands and audit, read and send starts, wake schedules, and nothing else', () => {
    expect(grantsOf('StartJobsRole')).toEqual([
      'dynamodb:UpdateItem on TablesSchedules.Arn',
      'lambda:InvokeFunction on AdvanceScheduleFunction.Arn',
      'lambda:InvokeFunction on AuditStorageFunction.Arn',
      'lambda:InvokeFunction on RunBackdatingFunction.Arn',
      'lambda:InvokeFunction on RunBackfillFunction.Arn',
      'lambda:InvokeFunction on TaskflakyimportFunction.Arn',
      'lambda:InvokeFunction on TaskhttprequestFunction.Arn',
      'lambda:InvokeFunction on TasksalesreportFunction.Arn',
      'lambda:InvokeFunction on TaskuptimecheckFunction.Arn',
      'logs:CreateLogStream on StartJobsLog.Arn',
      'logs:PutLogEvents on StartJobsLog.Arn',
      'sqs:DeleteMessage on QueuesStarts.Arn',
      'sqs:GetQueueAttributes on QueuesStarts.Arn',
      'sqs:ReceiveMessage on QueuesStarts.Arn',
      'sqs:SendMessage on QueuesStarts.Arn',
    ]);
  });

  it('has the variables that it reads, and no others', () => {
    expect(variablesOf('StartJobsFunction')).toEqual({
      SCHEDULES_TABLE: 'TablesSchedules',
      STARTS_QUEUE_URL: 'QueuesStarts',
      TASK_FUNCTION_ARN_PREFIX:
        'arn:AWS::Partition:lambda:AWS::Region:AWS::AccountId:function:Almanac-dev-task-',
      ADVANCE_FUNCTION_ARN: 'AdvanceScheduleFunction.Arn',
      AUDIT_FUNCTION_ARN: 'AuditStorageFunction.Arn',
      BACKDATING_FUNCTION_ARN: 'RunBackdatingFunction.Arn',
      BACKFILL_FUNCTION_ARN: 'RunBackfillFunction.Arn',
    });
    expect(Object.keys(variablesOf('StartJobsFunction')).toSorted()).toEqual(
      ENVIRONMENT.toSorted(),
    );
  });

  it('gets ten starts at a time, and gives back just those that fail', () => {
    expect(propertiesOf('StartJobsStarts')).toEqual({
      FunctionName: 'StartJobsFunction',
      EventSourceArn: 'QueuesStarts.Arn',
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('may send a start round the queue again for as long as it is not due', () => {
    expect(propertiesOf('StartJobsFunction')['RecursiveLoop']).toBe('Allow');
  });
});
