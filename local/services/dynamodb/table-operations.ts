import { randomUUID } from 'node:crypto';
import * as createTableValidation from 'dynalite/validations/createTable.js';
import * as listTablesValidation from 'dynalite/validations/listTables.js';
import { tableArn } from '#local/services/dynamodb/arns.ts';
import { describeTable } from '#local/services/dynamodb/describe-table.ts';
import { invalidRequest } from '#local/services/dynamodb/dynalite-fault.ts';
import { dynaliteStore, readingOnly } from '#local/services/dynamodb/dynalite-store.ts';
import {
  type OperationContext,
  type Operations,
  operation,
} from '#local/services/dynamodb/operation.ts';
import { streamLabelAt } from '#local/services/dynamodb/stream-label.ts';
import type { Table, TableSchema } from '#local/services/dynamodb/table.ts';
import { putTable, removeTable } from '#local/services/dynamodb/table-changes.ts';
import {
  CREATE_TABLE,
  type CreateTableRequest,
  TABLE_NAME,
  UPDATE_TABLE,
  type UpdateTableRequest,
} from '#local/services/dynamodb/table-parameters.ts';
import { ServiceFault } from '#local/services/local-service.ts';

/** What operations on a whole table are given. */
export interface TableRequest {
  readonly TableName: string;
}

interface ListTablesRequest {
  readonly Limit?: number;
  readonly ExclusiveStartTableName?: string;
}

/** Most tables on a page. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html */
const TABLES_PER_PAGE = 100;

/** CreateTable, DescribeTable, UpdateTable, DeleteTable, ListTables and DescribeContinuousBackups. */
export function tableOperations(context: OperationContext): Operations {
  const { place, tables, writer } = context;
  const store = dynaliteStore(context, readingOnly(context.database));
  const permissionsFor = (action: string) => (data: TableRequest) => [
    { action: `dynamodb:${action}`, resource: tableArn(place, data.TableName) },
  ];
  return {
    CreateTable: operation<CreateTableRequest>(store, {
      types: CREATE_TABLE,
      custom: createTableValidation.custom,
      permissions: permissionsFor('CreateTable'),
      run: (data) => writer.exclusively(() => createTable(context, data)),
    }),
    UpdateTable: operation<UpdateTableRequest>(store, {
      types: UPDATE_TABLE,
      permissions: permissionsFor('UpdateTable'),
      run: (data) => writer.exclusively(() => updateTable(context, data)),
    }),
    DescribeTable: operation<TableRequest>(store, {
      types: TABLE_NAME,
      permissions: permissionsFor('DescribeTable'),
      run: async (data) => ({ Table: describeTable(place, namedTable(context, data)) }),
    }),
    DeleteTable: operation<TableRequest>(store, {
      types: TABLE_NAME,
      permissions: permissionsFor('DeleteTable'),
      run: (data) => writer.exclusively(() => deleteTable(context, data)),
    }),
    ListTables: operation<ListTablesRequest>(store, {
      types: listTablesValidation.types,
      permissions: () => [{ action: 'dynamodb:ListTables', resource: '*' }],
      run: async ({ Limit = TABLES_PER_PAGE, ExclusiveStartTableName: after = '' }) => {
        const names = tables.all().map((table) => table.schema.TableName);
        const rest = names.filter((name) => name > after);
        const TableNames = rest.slice(0, Limit);
        const LastEvaluatedTableName = TableNames.at(-1);
        return rest.length > Limit ? { TableNames, LastEvaluatedTableName } : { TableNames };
      },
    }),
    DescribeContinuousBackups: operation<TableRequest>(store, {
      types: TABLE_NAME,
      permissions: permissionsFor('DescribeContinuousBackups'),
      run: async (data) => {
        namedTable(context, data);
        return { ContinuousBackupsDescription: NO_BACKUPS };
      },
    }),
  };
}

/** AWS keeps continuous backups on for every table; point-in-time recovery is what one switches on. Neither exists here. */
const NO_BACKUPS = {
  ContinuousBackupsStatus: 'ENABLED',
  PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
};

/** @throws {ServiceFault} `ResourceNotFoundException`, in the words of the table operations. */
export function namedTable(context: OperationContext, { TableName }: TableRequest): Table {
  const table = context.tables.find(TableName);
  if (table) return table;
  throw new ServiceFault(
    'ResourceNotFoundException',
    `Requested resource not found: Table: ${TableName} not found`,
  );
}

async function createTable(context: OperationContext, data: CreateTableRequest): Promise<object> {
  const { place, clock } = context;
  if (context.tables.find(data.TableName))
    throw new ServiceFault('ResourceInUseException', `Table already exists: ${data.TableName}`);
  const { StreamSpecification: stream, ProvisionedThroughput: provisioned } = data;
  const table: Table = {
    schema: {
      TableName: data.TableName,
      AttributeDefinitions: data.AttributeDefinitions,
      KeySchema: data.KeySchema,
      GlobalSecondaryIndexes: (data.GlobalSecondaryIndexes ?? []).map(bareIndex),
      LocalSecondaryIndexes: (data.LocalSecondaryIndexes ?? []).map(bareIndex),
    },
    id: randomUUID(),
    createdAt: clock.nowMs() / 1000,
    streamLabel: streamLabelAt(clock.nowMs()),
    ...(stream?.StreamEnabled
      ? { streamViewType: stream.StreamViewType ?? 'NEW_AND_OLD_IMAGES' }
      : {}),
    isDeletionProtected: data.DeletionProtectionEnabled ?? false,
    ...(provisioned ? { provisioned: { ...provisioned } } : {}),
    tags: Object.fromEntries((data.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
  };
  await putTable(context, table);
  return { TableDescription: describeTable(place, table, 'CREATING') };
}

async function updateTable(context: OperationContext, data: UpdateTableRequest): Promise<object> {
  const { streamViewType, provisioned, ...table } = namedTable(context, data);
  const stream = data.StreamSpecification;
  if (stream?.StreamEnabled && streamViewType !== undefined)
    throw invalidRequest(`Table already has an enabled stream: TableName: ${data.TableName}`);
  const viewType = stream ? stream.StreamEnabled && stream.StreamViewType : streamViewType;
  const throughput =
    data.BillingMode === 'PAY_PER_REQUEST' ? undefined : data.ProvisionedThroughput;
  const kept = data.BillingMode === 'PAY_PER_REQUEST' ? undefined : provisioned;
  const altered: Table = {
    ...table,
    schema: withIndexUpdates(table.schema, data),
    ...(viewType ? { streamViewType: viewType } : {}),
    ...((throughput ?? kept) ? { provisioned: throughput ?? kept } : {}),
    isDeletionProtected: data.DeletionProtectionEnabled ?? table.isDeletionProtected,
  };
  await putTable(context, altered);
  return { TableDescription: describeTable(context.place, altered, 'UPDATING') };
}

async function deleteTable(context: OperationContext, data: TableRequest): Promise<object> {
  const table = namedTable(context, data);
  if (table.isDeletionProtected)
    throw invalidRequest(
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    );
  await removeTable(context, table);
  return { TableDescription: describeTable(context.place, table, 'DELETING') };
}

function withIndexUpdates(schema: TableSchema, data: UpdateTableRequest): TableSchema {
  const updates = data.GlobalSecondaryIndexUpdates ?? [];
  const removed = new Set(updates.map((update) => update.Delete?.IndexName));
  const added = updates.flatMap(({ Create }) => (Create ? [bareIndex(Create)] : []));
  const definitions = data.AttributeDefinitions ?? schema.AttributeDefinitions;
  const defined = new Set(definitions.map((definition) => definition.AttributeName));
  for (const index of added) {
    if (schema.GlobalSecondaryIndexes.some((each) => each.IndexName === index.IndexName))
      throw invalidRequest(
        `Attempting to create an index which already exists: ${index.IndexName}`,
      );
    if (index.KeySchema.some((key) => !defined.has(key.AttributeName)))
      throw invalidRequest(
        'One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions.',
      );
  }
  return {
    ...schema,
    AttributeDefinitions: definitions,
    GlobalSecondaryIndexes: [
      ...schema.GlobalSecondaryIndexes.filter((index) => !removed.has(index.IndexName)),
      ...added,
    ],
  };
}

/** Leaves out an index's throughput, which is the table's business here. */
function bareIndex({ IndexName, KeySchema, Projection }: TableSchema['GlobalSecondaryIndexes'][0]) {
  return { IndexName, KeySchema, Projection };
}
