import { describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '#functions/archive-jobs/environment.ts';
import { grantsOf, propertiesOf, variablesOf } from '#test/support/almanac-template.ts';

describe('ArchiveJobs', () => {
  it('may find and read expired jobs, keep its progress, read results and write the archive, and nothing else', () => {
    expect(grantsOf('ArchiveJobsRole')).toEqual([
      'dynamodb:BatchGetItem on TablesJobs.Arn',
      'dynamodb:GetItem on TablesUsage.Arn',
      'dynamodb:PutItem on TablesUsage.Arn',
      'dynamodb:Query on TablesJobs.Arn/index/byExpiry',
      'logs:CreateLogStream on ArchiveJobsLog.Arn',
      'logs:PutLogEvents on ArchiveJobsLog.Arn',
      's3:GetObject on PayloadsBucket.Arn/results/*',
      's3:PutObject on PayloadsBucket.Arn/archive/*',
    ]);
  });

  it('has the variables that it reads, and no others', () => {
    expect(variablesOf('ArchiveJobsFunction')).toEqual({
      JOBS_TABLE: 'TablesJobs',
      USAGE_TABLE: 'TablesUsage',
      PAYLOAD_BUCKET: 'PayloadsBucket',
    });
    expect(Object.keys(variablesOf('ArchiveJobsFunction')).toSorted()).toEqual(
      ENVIRONMENT.toSorted(),
    );
  });

  it('is called four times a day, first when the day before has been over for an hour', () => {
    expect(propertiesOf('ArchiveJobsTimer')).toMatchObject({
      GroupName: 'default',
      ScheduleExpression: 'cron(41 1,7,13,19 * * ? *)',
      ScheduleExpressionTimezone: 'UTC',
      Target: { Arn: 'ArchiveJobsFunction.Arn', RoleArn: 'ArchiveJobsTimerRole.Arn' },
    });
    expect(propertiesOf('ArchiveJobsInvocations')).toMatchObject({ MaximumRetryAttempts: 0 });
  });

  it('finds jobs in an index of keys alone', () => {
    expect(propertiesOf('TablesJobs')['GlobalSecondaryIndexes']).toContainEqual({
      IndexName: 'byExpiry',
      KeySchema: [
        { AttributeName: 'expiryDay', KeyType: 'HASH' },
        { AttributeName: 'expiryAt', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    });
  });
});
