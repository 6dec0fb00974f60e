import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '#functions/sweep/environment.ts';
import { AlmanacStack } from '#infra/almanac-stack.ts';
import { TASKS } from '#infra/tasks.ts';
import { anApp, grantsOf, propertiesOf, variablesOf } from '#test/support/almanac-template.ts';

describe('Sweep', () => {
  it('may look through schedules and jobs, see to what stands still, keep its place, send messages, and nothing else', () => {
    expect(grantsOf('SweepRole')).toEqual([
      'dynamodb:BatchGetItem on TablesSchedules.Arn',
      'dynamodb:GetItem on TablesJobs.Arn',
      'dynamodb:GetItem on TablesSchedules.Arn',
      'dynamodb:PutItem on TablesJobs.Arn',
      'dynamodb:PutItem on TablesSchedules.Arn',
      'dynamodb:Query on TablesJobs.Arn',
      'dynamodb:Query on TablesSchedules.Arn/index/byId',
      'dynamodb:UpdateItem on TablesJobs.Arn',
      'dynamodb:UpdateItem on TablesSchedules.Arn',
      'logs:CreateLogStream on SweepLog.Arn',
      'logs:PutLogEvents on SweepLog.Arn',
      's3:DeleteObject on PayloadsBucket.Arn/unsettled/*',
      's3:GetObject on PayloadsBucket.Arn/unsettled/*',
      's3:ListBucket on PayloadsBucket.Arn',
      'scheduler:GetSchedule on arn:AWS::Partition:scheduler:AWS::Region:AWS::AccountId:schedule/Almanac-dev/*',
      'sqs:SendMessage on QueuesStarts.Arn',
    ]);
  });

  it('may read sums besides, where there are budgets to count', () => {
    const budgets = [{ scope: 'stack', storedBytes: 1, onExceeded: 'warn' }] as const;
    const stack = new AlmanacStack(anApp(), { stage: 'dev', tasks: TASKS, budgets: [...budgets] });

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      Policies: [
        {
          PolicyDocument: {
            Statement: Match.arrayWith([
              Match.objectLike({
                Action: ['dynamodb:BatchGetItem', 'dynamodb:Query'],
                Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^TablesUsage'), 'Arn'] },
              }),
              Match.objectLike({ Action: 'scheduler:GetSchedule' }),
            ]),
          },
        },
      ],
    });
  });

  it('has the variables that it reads, and no others', () => {
    expect(variablesOf('SweepFunction')).toEqual({
      SCHEDULES_TABLE: 'TablesSchedules',
      JOBS_TABLE: 'TablesJobs',
      USAGE_TABLE: 'TablesUsage',
      PAYLOAD_BUCKET: 'PayloadsBucket',
      STARTS_QUEUE_URL: 'QueuesStarts',
      STACK_NAME: 'Almanac-dev',
      SCHEDULE_GROUP: 'Almanac-dev',
      SCHEDULER_ROLE_ARN: 'SchedulingExecutionRole.Arn',
      TASK_FUNCTION_ARN_PREFIX: expect.stringMatching(/:function:Almanac-dev-task-$/),
      ADVANCE_FUNCTION_ARN: 'AdvanceScheduleFunction.Arn',
      UNDELIVERED_QUEUE_ARN: 'QueuesUndeliveredStarts.Arn',
    });
    expect(Object.keys(variablesOf('SweepFunction')).toSorted()).toEqual(ENVIRONMENT.toSorted());
  });

  it('is called every five minutes, from outside the group where users name schedules, and never twice for one time', () => {
    expect(propertiesOf('SweepTimer')).toMatchObject({
      GroupName: 'default',
      ScheduleExpression: 'cron(0/5 * * * ? *)',
      ScheduleExpressionTimezone: 'UTC',
      Target: {
        Arn: 'SweepFunction.Arn',
        RoleArn: 'SweepTimerRole.Arn',
        RetryPolicy: { MaximumRetryAttempts: 0 },
      },
    });
    expect(propertiesOf('SweepInvocations')).toMatchObject({ MaximumRetryAttempts: 0 });
  });

  it('lets EventBridge Scheduler call it, for this account and the default group, and nothing else', () => {
    expect(grantsOf('SweepTimerRole')).toEqual(['lambda:InvokeFunction on SweepFunction.Arn']);
    expect(propertiesOf('SweepTimerRole')['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'scheduler.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: {
            StringEquals: {
              'aws:SourceAccount': 'AWS::AccountId',
              'aws:SourceArn':
                'arn:AWS::Partition:scheduler:AWS::Region:AWS::AccountId:schedule-group/default',
            },
          },
        },
      ],
    });
  });
});
