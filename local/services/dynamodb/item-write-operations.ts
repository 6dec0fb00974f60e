import deleteItem from 'dynalite/actions/deleteItem.js';
import putItem from 'dynalite/actions/putItem.js';
import updateItem from 'dynalite/actions/updateItem.js';
import * as deleteItemValidation from 'dynalite/validations/deleteItem.js';
import * as putItemValidation from 'dynalite/validations/putItem.js';
import * as updateItemValidation from 'dynalite/validations/updateItem.js';
import { tableArn } from '#local/services/dynamodb/arns.ts';
import type { Item } from '#local/services/dynamodb/attribute-value.ts';
import { type AskedWrite, checkAsked, checkUpdated } from '#local/services/dynamodb/check-write.ts';
import {
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
import { type Action, runAction } from '#local/services/dynamodb/run-action.ts';
import { ServiceFault } from '#local/services/local-service.ts';

/** A validated PutItem, UpdateItem or DeleteItem. */
export interface WriteRequest extends AskedWrite {
  readonly TableName: string;
  readonly ReturnConsumedCapacity?: CapacityDetail;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE';
}

/** A parameter that dynalite does not know. */
export const RETURN_ON_FAILURE = {
  ReturnValuesOnConditionCheckFailure: { type: 'String', enum: ['ALL_OLD', 'NONE'] },
} as const;

/** PutItem, UpdateItem and DeleteItem. */
export function itemWriteOperations(context: OperationContext): Operations {
  const store = dynaliteStore(context, readingOnly(context.database));
  const writing = (name: string, action: Action, validation: typeof putItemValidation) =>
    operation<WriteRequest>(store, {
      types: { ...validation.types, ...RETURN_ON_FAILURE },
      custom: validation.custom,
      permissions: ({ TableName }) => [
        { action: `dynamodb:${name}`, resource: tableArn(context.place, TableName) },
      ],
      run: (data) => context.writer.exclusively(() => write(context, action, data)),
    });
  return {
    PutItem: writing('PutItem', putItem, putItemValidation),
    UpdateItem: writing('UpdateItem', updateItem, updateItemValidation),
    DeleteItem: writing('DeleteItem', deleteItem, deleteItemValidation),
  };
}

async function write(
  context: OperationContext,
  action: Action,
  data: WriteRequest,
): Promise<object> {
  const { writer, tables } = context;
  checkAsked(tables.get(data.TableName).schema, data);
  const capture = writer.capture();
  const output = await runAction(action, capture.store, data).catch((error: unknown) => {
    if (!isConditionFailure(error)) throw error;
    const refused = { tableName: data.TableName, oldItem: capture.met(), newItem: undefined };
    writer.count(writeCapacity({ ...refused, indexChanges: [] }, 1));
    throw withOldItem(error, data, capture.met());
  });
  const changes = capture.changes();
  const [change] = changes;
  if (change === undefined) throw new Error(`Expected a write of ${data.TableName} to read first.`);
  if (!data.Item) checkUpdated(change.table.schema, change);
  const used = writeCapacity({ tableName: data.TableName, ...change }, 1);
  await writer.commit(changes);
  writer.count(used);
  const { ConsumedCapacity: _theirs, ...answer } = output;
  const detail = data.ReturnConsumedCapacity ?? 'NONE';
  return detail === 'NONE'
    ? answer
    : { ...answer, ConsumedCapacity: consumedCapacity(used, detail) };
}

/** A write whose condition did not hold. */
type ConditionFailure = ServiceFault & { readonly code: 'ConditionalCheckFailedException' };

/** Tells a failed condition from all other refusals. */
export function isConditionFailure(error: unknown): error is ConditionFailure {
  return error instanceof ServiceFault && error.code === 'ConditionalCheckFailedException';
}

function withOldItem(
  fault: ServiceFault,
  data: WriteRequest,
  oldItem: Item | undefined,
): ServiceFault {
  if (data.ReturnValuesOnConditionCheckFailure !== 'ALL_OLD' || oldItem === undefined) return fault;
  return new ServiceFault(fault.code, fault.message, { members: { Item: oldItem }, cause: fault });
}
