import * as deleteItemValidation from 'dynalite/validations/deleteItem.js';
import * as getItemValidation from 'dynalite/validations/getItem.js';
import type { ParameterTypes } from 'dynalite/validations/index.js';
import * as putItemValidation from 'dynalite/validations/putItem.js';
import * as updateItemValidation from 'dynalite/validations/updateItem.js';
import { tableArn } from '#local/services/dynamodb/arns.ts';
import { dynaliteStore, readingOnly } from '#local/services/dynamodb/dynalite-store.ts';
import { RETURN_ON_FAILURE } from '#local/services/dynamodb/item-write-operations.ts';
import {
  type OperationContext,
  type Operations,
  operation,
} from '#local/services/dynamodb/operation.ts';
import { type TransactGetRequest, transactGet } from '#local/services/dynamodb/transact-get.ts';
import {
  type TransactVerb,
  type TransactWriteRequest,
  transactActions,
  transactWrite,
  VERBS,
} from '#local/services/dynamodb/transact-write.ts';

/** TransactWriteItems and TransactGetItems, validated with dynalite's rules for the single operations. */
export function transactionOperations(context: OperationContext): Operations {
  const store = dynaliteStore(context, readingOnly(context.database));
  const permission = (action: string, tableName: string) => ({
    action: `dynamodb:${action}`,
    resource: tableArn(context.place, tableName),
  });
  return {
    TransactWriteItems: operation<TransactWriteRequest>(store, {
      types: WRITE_TYPES,
      custom: (data) => {
        if (data.TransactItems.some((item) => VERBS.filter((verb) => item[verb]).length !== 1))
          return 'TransactItems can only contain one of Check, Put, Update or Delete';
        return firstFault(transactActions(data), ({ verb, request }) =>
          VALIDATIONS[verb].custom?.(request, store),
        );
      },
      permissions: (data) =>
        transactActions(data).map(({ verb, request }) =>
          permission(IAM_ACTIONS[verb], request.TableName),
        ),
      run: (data) => transactWrite(context, data),
    }),
    TransactGetItems: operation<TransactGetRequest>(store, {
      types: GET_TYPES,
      custom: (data) =>
        firstFault(data.TransactItems, ({ Get }) => getItemValidation.custom?.(Get, store)),
      permissions: (data) =>
        data.TransactItems.map(({ Get }) => permission('GetItem', Get.TableName)),
      run: (data) => transactGet(context, data),
    }),
  };
}

const VALIDATIONS: Readonly<Record<TransactVerb, typeof putItemValidation>> = {
  Put: putItemValidation,
  Update: updateItemValidation,
  Delete: deleteItemValidation,
  ConditionCheck: deleteItemValidation,
};

/** Transactions have no actions of their own in IAM. */
const IAM_ACTIONS: Readonly<Record<TransactVerb, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

/** What an action of a transaction takes of a single operation's parameters. */
const TAKEN: ReadonlySet<string> = new Set([
  'TableName',
  'Item',
  'Key',
  'UpdateExpression',
  'ConditionExpression',
  'ProjectionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
]);

const LIMITS = { notNull: true, lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 100 };

const CAPACITY = { type: 'String', enum: ['INDEXES', 'TOTAL', 'NONE'] };

const WRITE_TYPES: ParameterTypes = {
  TransactItems: {
    type: 'List',
    ...LIMITS,
    children: {
      type: 'ValueStruct<TransactWriteItem>',
      children: {
        ConditionCheck: write('ConditionCheck', {
          ...onlyExpressions(deleteItemValidation.types),
          ConditionExpression: { type: 'String', notNull: true },
        }),
        Put: write('Put', onlyExpressions(putItemValidation.types)),
        Delete: write('Delete', onlyExpressions(deleteItemValidation.types)),
        Update: write('Update', {
          ...onlyExpressions(updateItemValidation.types),
          UpdateExpression: { type: 'String', notNull: true },
        }),
      },
    },
  },
  ClientRequestToken: {
    type: 'String',
    lengthGreaterThanOrEqual: 1,
    lengthLessThanOrEqual: 36,
  },
  ReturnConsumedCapacity: CAPACITY,
};

const GET_TYPES: ParameterTypes = {
  TransactItems: {
    type: 'List',
    ...LIMITS,
    children: {
      type: 'ValueStruct<TransactGetItem>',
      children: {
        Get: { ...member('Get', onlyExpressions(getItemValidation.types)), notNull: true },
      },
    },
  },
  ReturnConsumedCapacity: CAPACITY,
};

function member(name: string, children: ParameterTypes) {
  return { type: `FieldStruct<${name}>`, children };
}

function write(name: string, children: ParameterTypes) {
  return member(name, { ...children, ...RETURN_ON_FAILURE });
}

function onlyExpressions(types: ParameterTypes): ParameterTypes {
  return Object.fromEntries(Object.entries(types).filter(([name]) => TAKEN.has(name)));
}

function firstFault<T>(
  members: readonly T[],
  faultOf: (member: T) => string | undefined,
): string | undefined {
  for (const each of members) {
    const fault = faultOf(each);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
