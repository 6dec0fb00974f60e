import { describe, expect, it } from 'vitest';
import { almanacTemplate } from '#test/support/almanac-template.ts';

/** Another id means another, empty resource: a change of one of these loses what the resource holds. */
const STATEFUL = {
  'AWS::DynamoDB::GlobalTable': [
    'TablesJobs313634AE',
    'TablesSchedules36772A3D',
    'TablesUsageA60E9525',
  ],
  'AWS::Events::EventBus': ['BusEA82B648'],
  'AWS::S3::Bucket': ['PayloadsBucket1715615A'],
  'AWS::SQS::Queue': [
    'QueuesFailedBatchesE519E70D',
    'QueuesFailedInvocations234D00BD',
    'QueuesStarts75298916',
    'QueuesUndeliveredStartsA04675D8',
  ],
  'AWS::Scheduler::ScheduleGroup': ['SchedulingGroup2B5E8D3E'],
};

/** A function's code is named by a hash of it, which says nothing about the stack. */
const CODE = /\b[0-9a-f]{64}(?=\b)(\.zip)?/g;

describe('AlmanacStack', () => {
  it.each(['dev', 'prod'] as const)('keeps the logical ids of what holds state in %s', (stage) => {
    const { Resources } = almanacTemplate(stage);
    const idsOf = (type: string) =>
      Object.keys(Resources).filter((id) => Resources[id]?.Type === type);

    for (const [type, ids] of Object.entries(STATEFUL)) expect(idsOf(type).toSorted()).toEqual(ids);
  });

  it('puts out what clients need to know', () => {
    expect(Object.keys(almanacTemplate('dev').Outputs)).toEqual([
      'ApiUrl',
      'SchedulesTable',
      'JobsTable',
      'UsageTable',
      'PayloadBucket',
      'ArchiveTable',
      'ScheduleGroup',
      'EventBus',
    ]);
  });

  it('needs nothing to be looked up or filled in: no parameters, conditions or custom resources', () => {
    const { Resources, Outputs: _, ...rest } = almanacTemplate('dev');

    expect(Object.keys(rest)).toEqual(['Description']);
    const types = Object.values(Resources).map(({ Type }) => Type);
    expect(types.filter((type) => !type.startsWith('AWS::'))).toEqual([]);
    expect(types).not.toContain('AWS::CloudFormation::CustomResource');
  });

  it('synthesizes to the same template again', () => {
    expect(almanacTemplate('dev')).toEqual(almanacTemplate('dev'));
  });

  it.each(['dev', 'prod'] as const)('is in %s what it was', (stage) => {
    const text = JSON.stringify(almanacTemplate(stage));

    expect(JSON.parse(text.replaceAll(CODE, 'code.zip'))).toMatchSnapshot();
  });
});
