import { describe, expect, it } from 'vitest';
import { SCHEDULES_BY_ID, USAGE_BY_ID } from '#infra/constructs/tables.ts';
import { SCHEDULES_BY_ID as READ_BY_ID } from '#shared/adapters/dynamodb/schedule-list.ts';
import { USAGE_BY_ID as READ_USAGE_BY_ID } from '#shared/adapters/dynamodb/usage-item.ts';
import { almanacTemplate, propertiesOf, resourceOf } from '#test/support/almanac-template.ts';

const TABLES = ['TablesSchedules', 'TablesJobs', 'TablesUsage'];

describe('Tables', () => {
  it.each([
    ['TablesSchedules', 'part'],
    ['TablesJobs', 'fireTime'],
    ['TablesUsage', 'part'],
  ])('keys %s by scheduleId and %s', (table, sortKey) => {
    expect(propertiesOf(table)['KeySchema']).toEqual([
      { AttributeName: 'scheduleId', KeyType: 'HASH' },
      { AttributeName: sortKey, KeyType: 'RANGE' },
    ]);
  });

  it.each(TABLES)('pays %s by request and lets TTL delete by expiresAt', (table) => {
    expect(propertiesOf(table)).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });

  it('streams both images of schedules and jobs, and nothing of usage', () => {
    const bothImages = { StreamViewType: 'NEW_AND_OLD_IMAGES' };
    expect(propertiesOf('TablesSchedules')['StreamSpecification']).toEqual(bothImages);
    expect(propertiesOf('TablesJobs')['StreamSpecification']).toEqual(bothImages);
    expect(propertiesOf('TablesUsage')).not.toHaveProperty('StreamSpecification');
  });

  it.each([
    ['TablesSchedules', READ_BY_ID, SCHEDULES_BY_ID],
    ['TablesUsage', READ_USAGE_BY_ID, USAGE_BY_ID],
  ])(
    'lists %s by id in an index of keys alone, under the name that the store reads',
    (table, read, made) => {
      expect(propertiesOf(table)['GlobalSecondaryIndexes']).toEqual([
        {
          IndexName: 'byId',
          KeySchema: [
            { AttributeName: 'kind', KeyType: 'HASH' },
            { AttributeName: 'scheduleId', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ]);
      expect(read).toBe(made);
    },
  );

  it.each([
    ['byDay', 'day', ['payload']],
    ['byFailure', 'failureDay', []],
  ])(
    'indexes jobs in %s by %s and finish, with what a list shows, no result, and %j',
    (name, partition, besides) => {
      expect(propertiesOf('TablesJobs')['GlobalSecondaryIndexes']).toContainEqual({
        IndexName: name,
        KeySchema: [
          { AttributeName: partition, KeyType: 'HASH' },
          { AttributeName: 'finishedAt', KeyType: 'RANGE' },
        ],
        Projection: {
          ProjectionType: 'INCLUDE',
          NonKeyAttributes: [
            'task',
            'outcome',
            'attempt',
            'startedAt',
            'durationMs',
            'resultState',
            'resultBytes',
            'resultExpiresAt',
            'expiresAt',
            'isChanged',
            'tags',
            'indexes',
            ...besides,
          ],
        },
      });
    },
  );

  it.each(TABLES)('lets %s go with a dev stack, restorable for a day until then', (table) => {
    expect(resourceOf(table)).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: {
        Replicas: [
          {
            DeletionProtectionEnabled: false,
            PointInTimeRecoverySpecification: {
              PointInTimeRecoveryEnabled: true,
              RecoveryPeriodInDays: 1,
            },
          },
        ],
      },
    });
  });

  it('keeps and protects every table of a prod stack, restorable for five weeks', () => {
    const tables = Object.values(almanacTemplate('prod').Resources).filter(
      ({ Type }) => Type === 'AWS::DynamoDB::GlobalTable',
    );

    expect(tables).toHaveLength(3);
    for (const table of tables)
      expect(table).toMatchObject({
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: {
          Replicas: [
            {
              DeletionProtectionEnabled: true,
              PointInTimeRecoverySpecification: {
                PointInTimeRecoveryEnabled: true,
                RecoveryPeriodInDays: 35,
              },
            },
          ],
        },
      });
  });
});
