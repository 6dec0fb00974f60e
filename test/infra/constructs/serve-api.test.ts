import { describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '#functions/serve-api/environment.ts';
import { grantsOf, propertiesOf, variablesOf } from '#test/support/almanac-template.ts';

describe('ServeApi', () => {
  it('may read and write schedules, queue and cancel jobs, read jobs, results and the archive, copy results, send starts, and nothing else', () => {
    expect(grantsOf('ServeApiRole')).toEqual([
      'dynamodb:BatchGetItem on TablesSchedules.Arn',
      'dynamodb:BatchGetItem on TablesUsage.Arn',
      'dynamodb:ConditionCheckItem on TablesSchedules.Arn',
      'dynamodb:DeleteItem on TablesSchedules.Arn',
      'dynamodb:GetItem on TablesJobs.Arn',
      'dynamodb:GetItem on TablesSchedules.Arn',
      'dynamodb:PutItem on TablesJobs.Arn',
      'dynamodb:PutItem on TablesSchedules.Arn',
      'dynamodb:Query on TablesJobs.Arn',
      'dynamodb:Query on TablesJobs.Arn/index/byDay',
      'dynamodb:Query on TablesJobs.Arn/index/byFailure',
      'dynamodb:Query on TablesSchedules.Arn',
      'dynamodb:Query on TablesSchedules.Arn/index/byId',
      'dynamodb:Query on TablesUsage.Arn',
      'dynamodb:Query on TablesUsage.Arn/index/byId',
      'dynamodb:UpdateItem on TablesJobs.Arn',
      'dynamodb:UpdateItem on TablesSchedules.Arn',
      'logs:CreateLogStream on ServeApiLog.Arn',
      'logs:PutLogEvents on ServeApiLog.Arn',
      's3:GetObject on PayloadsBucket.Arn/archive/*',
      's3:GetObject on PayloadsBucket.Arn/results/*',
      's3:ListBucket on PayloadsBucket.Arn if {"StringLike":{"s3:prefix":"archive/*"}}',
      's3:PutObject on PayloadsBucket.Arn/results/*',
      'sqs:SendMessage on QueuesStarts.Arn',
    ]);
  });

  it('has the variables that it reads, and no others', () => {
    expect(variablesOf('ServeApiFunction')).toEqual({
      SCHEDULES_TABLE: 'TablesSchedules',
      JOBS_TABLE: 'TablesJobs',
      USAGE_TABLE: 'TablesUsage',
      PAYLOAD_BUCKET: 'PayloadsBucket',
      STARTS_QUEUE_URL: 'QueuesStarts',
    });
    expect(Object.keys(variablesOf('ServeApiFunction')).toSorted()).toEqual(ENVIRONMENT.toSorted());
  });

  it('ends before API Gateway stops waiting for it', () => {
    expect(propertiesOf('ServeApiFunction')).toMatchObject({ Timeout: 29, MemorySize: 512 });
  });
});
