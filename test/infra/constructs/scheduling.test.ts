import { describe, expect, it } from 'vitest';
import { grantsOf, propertiesOf, resourceOf } from '#test/support/almanac-template.ts';

describe('Scheduling', () => {
  it('names the group after the stack, and lets it go with the stack', () => {
    expect(propertiesOf('SchedulingGroup')['Name']).toBe('Almanac-dev');
    expect(resourceOf('SchedulingGroup')).toMatchObject({ DeletionPolicy: 'Delete' });
  });

  it('trusts EventBridge Scheduler alone, for this account and this group', () => {
    expect(propertiesOf('SchedulingExecutionRole')['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'scheduler.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: {
            StringEquals: {
              'aws:SourceAccount': 'AWS::AccountId',
              'aws:SourceArn': 'SchedulingGroup.Arn',
            },
          },
        },
      ],
    });
  });

  it('lets EventBridge start each task, advance schedules and put aside what it cannot deliver, and nothing else', () => {
    expect(grantsOf('SchedulingExecutionRole')).toEqual([
      'lambda:InvokeFunction on AdvanceScheduleFunction.Arn',
      'lambda:InvokeFunction on TaskflakyimportFunction.Arn',
      'lambda:InvokeFunction on TaskhttprequestFunction.Arn',
      'lambda:InvokeFunction on TasksalesreportFunction.Arn',
      'lambda:InvokeFunction on TaskuptimecheckFunction.Arn',
      'sqs:SendMessage on QueuesUndeliveredStarts.Arn',
    ]);
  });
});
