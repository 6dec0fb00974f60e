import batchGetItem from 'dynalite/actions/batchGetItem.js';
import batchWriteItem from 'dynalite/actions/batchWriteItem.js';
import * as batchGetValidation from 'dynalite/validations/batchGetItem.js';
import * as batchWriteValidation from 'dynalite/validations/batchWriteItem.js';
import { tableArn } from '#local/services/dynamodb/arns.ts';
import type { Item } from '#local/services/dynamodb/attribute-value.ts';
import { checkAsked } from '#local/services/dynamodb/check-write.ts';
import {
  byTable,
  type CapacityDetail,
  consumedCapacity,
  writeCapacity,
} from '#local/services/dynamodb/consumed-capacity.ts';
import { dynaliteStore, readingOnly } from '#local/services/dynamodb/dynalite-store.ts';
import {
  type OperationContext,
  type Operations,
  operation,
} from '#local/services/dynamodb/operation.ts';
import { runAction } from '#local/services/dynamodb/run-action.ts';

interface BatchGetRequest {
  readonly RequestItems: Readonly<Record<string, object>>;
}

interface BatchWriteRequest {
  readonly RequestItems: Readonly<Record<string, readonly WriteOne[]>>;
  readonly ReturnConsumedCapacity?: CapacityDetail;
}

interface WriteOne {
  readonly PutRequest?: { readonly Item: Item };
  readonly DeleteRequest?: { readonly Key: Item };
}

/** BatchGetItem and BatchWriteItem. A batch of writes is made whole here, and no part of it is ever left unprocessed. */
export function batchOperations(context: OperationContext): Operations {
  const store = dynaliteStore(context, readingOnly(context.database));
  const permissionsFor = (action: string) => (data: { RequestItems: object }) =>
    Object.keys(data.RequestItems).map((tableName) => ({
      action: `dynamodb:${action}`,
      resource: tableArn(context.place, tableName),
    }));
  return {
    BatchGetItem: operation<BatchGetRequest>(store, {
      types: batchGetValidation.types,
      custom: batchGetValidation.custom,
      permissions: permissionsFor('BatchGetItem'),
      run: (data) => runAction(batchGetItem, store, data),
    }),
    BatchWriteItem: operation<BatchWriteRequest>(store, {
      types: batchWriteValidation.types,
      custom: batchWriteValidation.custom,
      permissions: permissionsFor('BatchWriteItem'),
      run: (data) => context.writer.exclusively(() => writeBatch(context, data)),
    }),
  };
}

async function writeBatch(context: OperationContext, data: BatchWriteRequest): Promise<object> {
  for (const [tableName, requests] of Object.entries(data.RequestItems)) {
    const { schema } = context.tables.get(tableName);
    for (const { PutRequest, DeleteRequest } of requests)
      checkAsked(schema, { ...PutRequest, ...DeleteRequest });
  }
  const capture = context.writer.capture();
  await runAction(batchWriteItem, capture.store, data);
  const changes = capture.changes();
  const used = changes.map((change) =>
    writeCapacity({ tableName: change.table.schema.TableName, ...change }, 1),
  );
  await context.writer.commit(changes);
  for (const each of used) context.writer.count(each);
  const detail = data.ReturnConsumedCapacity ?? 'NONE';
  return {
    UnprocessedItems: {},
    ...(detail === 'NONE'
      ? {}
      : { ConsumedCapacity: byTable(used).map((table) => consumedCapacity(table, detail)) }),
  };
}
