import { type Place, streamArn, tableArn } from '#local/services/dynamodb/arns.ts';
import type { SecondaryIndex, Table } from '#local/services/dynamodb/table.ts';

/**
 * Words a table as `TableDescription`.
 *
 * Counts and sizes are 0: AWS brings them up to date about every six hours, this not at all.
 *
 * @param status - Tables are ready at once; the answer to a change says what AWS's would.
 */
export function describeTable(
  place: Place,
  table: Table,
  status: 'ACTIVE' | 'CREATING' | 'UPDATING' | 'DELETING' = 'ACTIVE',
): object {
  const { schema } = table;
  const arn = tableArn(place, schema.TableName);
  const globalIndexes = schema.GlobalSecondaryIndexes.map((index) => ({
    ...describeIndex(arn, index),
    IndexStatus: status === 'CREATING' ? status : 'ACTIVE',
    ProvisionedThroughput: throughput(table),
  }));
  const localIndexes = schema.LocalSecondaryIndexes.map((index) => describeIndex(arn, index));
  return {
    TableName: schema.TableName,
    TableArn: arn,
    TableId: table.id,
    TableStatus: status,
    CreationDateTime: table.createdAt,
    AttributeDefinitions: schema.AttributeDefinitions,
    KeySchema: schema.KeySchema,
    ...(globalIndexes.length > 0 ? { GlobalSecondaryIndexes: globalIndexes } : {}),
    ...(localIndexes.length > 0 ? { LocalSecondaryIndexes: localIndexes } : {}),
    ProvisionedThroughput: throughput(table),
    ...billing(table),
    ItemCount: 0,
    TableSizeBytes: 0,
    DeletionProtectionEnabled: table.isDeletionProtected,
    ...(table.streamViewType === undefined
      ? {}
      : {
          StreamSpecification: { StreamEnabled: true, StreamViewType: table.streamViewType },
          LatestStreamArn: streamArn(place, schema.TableName, table.streamLabel),
          LatestStreamLabel: table.streamLabel,
        }),
  };
}

function describeIndex(arn: string, index: SecondaryIndex): object {
  const indexArn = `${arn}/index/${index.IndexName}`;
  return { ...index, IndexArn: indexArn, IndexSizeBytes: 0, ItemCount: 0 };
}

function throughput(table: Table): object {
  const provisioned = table.provisioned ?? { ReadCapacityUnits: 0, WriteCapacityUnits: 0 };
  return { ...provisioned, NumberOfDecreasesToday: 0 };
}

function billing(table: Table): object {
  if (table.provisioned) return {};
  return {
    BillingModeSummary: {
      BillingMode: 'PAY_PER_REQUEST',
      LastUpdateToPayPerRequestDateTime: table.createdAt,
    },
    TableThroughputModeSummary: {
      TableThroughputMode: 'PAY_PER_REQUEST',
      LastUpdateToPayPerRequestDateTime: table.createdAt,
    },
  };
}
