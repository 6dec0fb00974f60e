import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '#functions/publish-events/environment.ts';
import { STAGES } from '#infra/config.ts';
import { addEvents } from '#infra/constructs/events.ts';
import { Queues } from '#infra/constructs/queues.ts';
import { SETTLE_UNDELIVERED_TIMEOUT } from '#infra/constructs/settle-undelivered.ts';
import { START_JOBS_TIMEOUT } from '#infra/constructs/start-jobs.ts';
import { Tables } from '#infra/constructs/tables.ts';
import { anApp, grantsOf, propertiesOf, variablesOf } from '#test/support/almanac-template.ts';

describe('PublishEvents', () => {
  it('may follow both streams, read jobs, put events on the stack’s bus, and nothing else', () => {
    expect(grantsOf('PublishEventsRole')).toEqual([
      'dynamodb:DescribeStream on TablesJobs.StreamArn',
      'dynamodb:DescribeStream on TablesSchedules.StreamArn',
      'dynamodb:GetRecords on TablesJobs.StreamArn',
      'dynamodb:GetRecords on TablesSchedules.StreamArn',
      'dynamodb:GetShardIterator on TablesJobs.StreamArn',
      'dynamodb:GetShardIterator on TablesSchedules.StreamArn',
      'dynamodb:ListStreams on *',
      'dynamodb:Query on TablesJobs.Arn',
      'events:PutEvents on Bus.Arn',
      'logs:CreateLogStream on PublishEventsLog.Arn',
      'logs:PutLogEvents on PublishEventsLog.Arn',
      'sqs:SendMessage on QueuesFailedBatches.Arn',
    ]);
  });

  it('has the variables that it reads, and no others', () => {
    expect(variablesOf('PublishEventsFunction')).toEqual({
      JOBS_TABLE: 'TablesJobs',
      EVENT_BUS_ARN: 'Bus.Arn',
    });
    expect(Object.keys(variablesOf('PublishEventsFunction')).toSorted()).toEqual(
      ENVIRONMENT.toSorted(),
    );
  });

  it('follows jobs that settle, schedules that are paused, and ledgers of budgets', () => {
    const filterOf = (mapping: string) => propertiesOf(mapping)['FilterCriteria'];

    expect(filterOf('PublishEventsJobsStream')).toEqual({
      Filters: [
        {
          Pattern:
            '{"dynamodb":{"NewImage":{"state":{"S":["settled"]}},"OldImage":{"state":{"S":[{"anything-but":["settled"]}]}}}}',
        },
        { Pattern: '{"eventName":["INSERT"],"dynamodb":{"NewImage":{"state":{"S":["settled"]}}}}' },
      ],
    });
    expect(filterOf('PublishEventsSchedulesStream')).toEqual({
      Filters: [
        {
          Pattern: '{"dynamodb":{"NewImage":{"paused":{"M":{"since":{"N":[{"exists":true}]}}}}}}',
        },
        { Pattern: '{"dynamodb":{"Keys":{"scheduleId":{"S":["#budgets"]}}}}' },
      ],
    });
  });

  it.each(['Jobs', 'Schedules'])(
    'halves a batch of %s that fails, reports what is refused, and gives up to the failed batches',
    (table) => {
      expect(propertiesOf(`PublishEvents${table}Stream`)).toMatchObject({
        FunctionName: 'PublishEventsFunction',
        EventSourceArn: `Tables${table}.StreamArn`,
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        DestinationConfig: { OnFailure: { Destination: 'QueuesFailedBatches.Arn' } },
      });
    },
  );
});

describe('addEvents', () => {
  it('names the bus as the stack', () => {
    expect(propertiesOf('Bus')).toMatchObject({ Name: 'Almanac-dev' });
  });

  it('makes neither bus nor function where the stage has none', () => {
    const config = { ...STAGES.dev, hasEventBus: false };
    const stack = new Stack(anApp(), 'Quiet');
    const queues = new Queues(stack, 'Queues', {
      startJobsTimeout: START_JOBS_TIMEOUT,
      settleUndeliveredTimeout: SETTLE_UNDELIVERED_TIMEOUT,
    });

    const bus = addEvents(stack, { tables: new Tables(stack, 'Tables', config), queues, config });

    expect(bus).toBeUndefined();
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Events::EventBus', 0);
    template.resourceCountIs('AWS::Lambda::Function', 0);
  });
});
