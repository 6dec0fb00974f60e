import { describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '#functions/follow-jobs/environment.ts';
import { grantsOf, propertiesOf, variablesOf } from '#test/support/almanac-template.ts';

describe('FollowJobs', () => {
  it('may follow the stream, find dependents, send starts, settle jobs unrun, let jobs go, keep sums, pause schedules, delete objects of results, and nothing else', () => {
    expect(grantsOf('FollowJobsRole')).toEqual([
      'dynamodb:DescribeStream on TablesJobs.StreamArn',
      'dynamodb:GetItem on TablesUsage.Arn',
      'dynamodb:GetRecords on TablesJobs.StreamArn',
      'dynamodb:GetShardIterator on TablesJobs.StreamArn',
      'dynamodb:ListStreams on *',
      'dynamodb:PutItem on TablesJobs.Arn',
      'dynamodb:PutItem on TablesSchedules.Arn',
      'dynamodb:PutItem on TablesUsage.Arn',
      'dynamodb:Query on TablesJobs.Arn',
      'dynamodb:Query on TablesJobs.Arn/index/byHeld',
      'dynamodb:Query on TablesSchedules.Arn',
      'dynamodb:UpdateItem on TablesJobs.Arn',
      'logs:CreateLogStream on FollowJobsLog.Arn',
      'logs:PutLogEvents on FollowJobsLog.Arn',
      's3:DeleteObject on PayloadsBucket.Arn/results/*',
      'sqs:SendMessage on QueuesFailedBatches.Arn',
      'sqs:SendMessage on QueuesStarts.Arn',
    ]);
  });

  it('has the variables that it reads, and no others', () => {
    expect(variablesOf('FollowJobsFunction')).toEqual({
      SCHEDULES_TABLE: 'TablesSchedules',
      JOBS_TABLE: 'TablesJobs',
      USAGE_TABLE: 'TablesUsage',
      PAYLOAD_BUCKET: 'PayloadsBucket',
      STARTS_QUEUE_URL: 'QueuesStarts',
      STACK_NAME: 'Almanac-dev',
    });
    expect(Object.keys(variablesOf('FollowJobsFunction')).toSorted()).toEqual(
      ENVIRONMENT.toSorted(),
    );
  });

  it('follows queued jobs, settled ones and removed ones, whose sort key begins with a year and not with #', () => {
    expect(propertiesOf('FollowJobsStream')['FilterCriteria']).toEqual({
      Filters: [
        { Pattern: '{"dynamodb":{"NewImage":{"state":{"S":["settled"]}}}}' },
        {
          Pattern:
            '{"eventName":["REMOVE"],"dynamodb":{"Keys":{"fireTime":{"S":[{"prefix":"2"}]}}}}',
        },
        { Pattern: '{"eventName":["INSERT"],"dynamodb":{"NewImage":{"state":{"S":["queued"]}}}}' },
      ],
    });
  });

  it('halves a batch that fails, and gives a change up to the failed batches at last', () => {
    expect(propertiesOf('FollowJobsStream')).toMatchObject({
      FunctionName: 'FollowJobsFunction',
      EventSourceArn: 'TablesJobs.StreamArn',
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 100,
      MaximumRecordAgeInSeconds: 21_600,
      DestinationConfig: { OnFailure: { Destination: 'QueuesFailedBatches.Arn' } },
    });
  });
});
