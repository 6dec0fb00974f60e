import { describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '#functions/audit-storage/environment.ts';
import { grantsOf, propertiesOf, variablesOf } from '#test/support/almanac-template.ts';

describe('AuditStorage', () => {
  it('may list the two prefixes and delete below them, look at jobs, keep its reports, go on, and nothing else', () => {
    expect(grantsOf('AuditStorageRole')).toEqual([
      'dynamodb:BatchGetItem on TablesJobs.Arn',
      'dynamodb:PutItem on TablesSchedules.Arn',
      'dynamodb:Query on TablesSchedules.Arn',
      'dynamodb:Scan on TablesJobs.Arn/index/byDay',
      'logs:CreateLogStream on AuditStorageLog.Arn',
      'logs:PutLogEvents on AuditStorageLog.Arn',
      's3:DeleteObject on PayloadsBucket.Arn/results/*',
      's3:DeleteObject on PayloadsBucket.Arn/unsettled/*',
      's3:ListBucket on PayloadsBucket.Arn if {"StringLike":{"s3:prefix":"results/*"}}',
      's3:ListBucket on PayloadsBucket.Arn if {"StringLike":{"s3:prefix":"unsettled/*"}}',
      'sqs:SendMessage on QueuesStarts.Arn',
    ]);
  });

  it('has the variables that it reads, and no others', () => {
    expect(variablesOf('AuditStorageFunction')).toEqual({
      SCHEDULES_TABLE: 'TablesSchedules',
      JOBS_TABLE: 'TablesJobs',
      PAYLOAD_BUCKET: 'PayloadsBucket',
      STARTS_QUEUE_URL: 'QueuesStarts',
    });
    expect(Object.keys(variablesOf('AuditStorageFunction')).toSorted()).toEqual(
      ENVIRONMENT.toSorted(),
    );
  });

  it('is called each night with the time that names the day, and tried again where it fails', () => {
    expect(propertiesOf('AuditStorageTimer')).toMatchObject({
      GroupName: 'default',
      ScheduleExpression: 'cron(17 3 * * ? *)',
      ScheduleExpressionTimezone: 'UTC',
      Target: {
        Arn: 'AuditStorageFunction.Arn',
        RoleArn: 'AuditStorageTimerRole.Arn',
        Input: '{"kind":"daily-audit","at":"<aws.scheduler.scheduled-time>"}',
      },
    });
    expect(grantsOf('AuditStorageTimerRole')).toEqual([
      'lambda:InvokeFunction on AuditStorageFunction.Arn',
    ]);
    expect(propertiesOf('AuditStorageInvocations')).toMatchObject({ MaximumRetryAttempts: 2 });
  });

  it('may go round the starts queue for as long as there are pages left', () => {
    expect(propertiesOf('AuditStorageFunction')).toMatchObject({
      RecursiveLoop: 'Allow',
      Timeout: 900,
    });
  });
});
