import getItem from 'dynalite/actions/getItem.js';
import query from 'dynalite/actions/query.js';
import scan from 'dynalite/actions/scan.js';
import * as getItemValidation from 'dynalite/validations/getItem.js';
import * as queryValidation from 'dynalite/validations/query.js';
import * as scanValidation from 'dynalite/validations/scan.js';
import { tableArn } from '#local/services/dynamodb/arns.ts';
import type { Item } from '#local/services/dynamodb/attribute-value.ts';
import { dynaliteStore, readingOnly } from '#local/services/dynamodb/dynalite-store.ts';
import {
  type OperationContext,
  type Operations,
  operation,
} from '#local/services/dynamodb/operation.ts';
import { type Action, type ActionOutput, runAction } from '#local/services/dynamodb/run-action.ts';

/** A validated GetItem, Query or Scan. */
interface ReadRequest {
  readonly TableName: string;
  readonly IndexName?: string;
  readonly ExclusiveStartKey?: Item;
  readonly ConsistentRead?: boolean;
}

/** GetItem, Query and Scan: dynalite's, over our database. */
export function itemReadOperations(context: OperationContext): Operations {
  const access = readingOnly(context.database);
  const store = dynaliteStore(context, access);
  const reading = (name: string, action: Action, validation: typeof getItemValidation) =>
    operation<ReadRequest>(store, {
      types: validation.types,
      custom: validation.custom,
      permissions: ({ TableName, IndexName }) => {
        const arn = tableArn(context.place, TableName);
        const resource = IndexName === undefined ? arn : `${arn}/index/${IndexName}`;
        return [{ action: `dynamodb:${name}`, resource }];
      },
      run: async (data) => {
        const reader = dynaliteStore(context, access, data.ExclusiveStartKey);
        return withLeastCapacity(data, await runAction(action, reader, data));
      },
    });
  return {
    GetItem: reading('GetItem', getItem, getItemValidation),
    Query: reading('Query', query, queryValidation),
    Scan: reading('Scan', scan, scanValidation),
  };
}

/** Reading nothing costs what the smallest read does; dynalite counts it as nothing. */
function withLeastCapacity(data: ReadRequest, output: ActionOutput): ActionOutput {
  const capacity = output.ConsumedCapacity;
  if (capacity?.CapacityUnits !== 0) return output;
  const least = { CapacityUnits: data.ConsistentRead ? 1 : 0.5 };
  const isDetailed = capacity.Table !== undefined;
  const detail =
    data.IndexName === undefined
      ? { Table: least }
      : { GlobalSecondaryIndexes: { [data.IndexName]: least } };
  return {
    ...output,
    ConsumedCapacity: { ...capacity, ...least, ...(isDetailed ? detail : {}) },
  };
}
