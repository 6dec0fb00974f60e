import { describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '#functions/announce-expiring/environment.ts';
import { grantsOf, propertiesOf, variablesOf } from '#test/support/almanac-template.ts';

describe('AnnounceExpiring', () => {
  it('may find and read expiring jobs, note how far it has come, and put events, and nothing else', () => {
    expect(grantsOf('AnnounceExpiringRole')).toEqual([
      'dynamodb:BatchGetItem on TablesJobs.Arn',
      'dynamodb:GetItem on TablesUsage.Arn',
      'dynamodb:PutItem on TablesUsage.Arn',
      'dynamodb:Query on TablesJobs.Arn/index/byExpiry',
      'events:PutEvents on Bus.Arn',
      'logs:CreateLogStream on AnnounceExpiringLog.Arn',
      'logs:PutLogEvents on AnnounceExpiringLog.Arn',
    ]);
  });

  it('has the variables that it reads, and no others', () => {
    expect(Object.keys(variablesOf('AnnounceExpiringFunction')).toSorted()).toEqual(
      ENVIRONMENT.toSorted(),
    );
  });

  it('is called every six hours, and not tried again', () => {
    expect(propertiesOf('AnnounceExpiringTimer')).toMatchObject({
      GroupName: 'default',
      ScheduleExpression: 'cron(23 2,8,14,20 * * ? *)',
      Target: { Arn: 'AnnounceExpiringFunction.Arn', RoleArn: 'AnnounceExpiringTimerRole.Arn' },
    });
    expect(propertiesOf('AnnounceExpiringInvocations')).toMatchObject({ MaximumRetryAttempts: 0 });
  });
});
