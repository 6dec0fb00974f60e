import getItem from 'dynalite/actions/getItem.js';
import type { Item } from '#local/services/dynamodb/attribute-value.ts';
import {
  byTable,
  type CapacityDetail,
  consumedCapacity,
  TRANSACTION_FACTOR,
  type UsedCapacity,
} from '#local/services/dynamodb/consumed-capacity.ts';
import { dynaliteStore, readingOnly } from '#local/services/dynamodb/dynalite-store.ts';
import type { OperationContext } from '#local/services/dynamodb/operation.ts';
import { runAction } from '#local/services/dynamodb/run-action.ts';
import { ServiceFault } from '#local/services/local-service.ts';

/** One read of a transaction. */
interface GetRequest {
  readonly TableName: string;
  readonly Key: Item;
}

/** A validated TransactGetItems. */
export interface TransactGetRequest {
  readonly TransactItems: readonly { readonly Get: GetRequest }[];
  readonly ReturnConsumedCapacity?: CapacityDetail;
}

/**
 * Reads several items as they are at one moment: no write comes between.
 *
 * @throws {ServiceFault} `TransactionCanceledException` with a reason for each action.
 */
export function transactGet(context: OperationContext, data: TransactGetRequest): Promise<object> {
  return context.writer.exclusively(async () => {
    const outcomes = [];
    for (const { Get } of data.TransactItems) context.tables.get(Get.TableName);
    for (const { Get } of data.TransactItems) outcomes.push(await outcomeOf(context, Get));
    if (outcomes.some((outcome) => outcome.reason.Code !== 'None')) {
      const reasons = outcomes.map((outcome) => outcome.reason);
      const codes = reasons.map((reason) => reason.Code).join(', ');
      const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
      throw new ServiceFault('TransactionCanceledException', message, {
        members: { CancellationReasons: reasons },
      });
    }
    const Responses = outcomes.map(({ item }) => (item === undefined ? {} : { Item: item }));
    const detail = data.ReturnConsumedCapacity ?? 'NONE';
    if (detail === 'NONE') return { Responses };
    const used = byTable(outcomes.flatMap((outcome) => (outcome.used ? [outcome.used] : [])));
    return {
      Responses,
      ConsumedCapacity: used.map((table) => consumedCapacity(table, detail, 'ReadCapacityUnits')),
    };
  });
}

/** Reads one item of a transaction, at twice the price of a strongly consistent read. */
export async function readTransactionally(
  context: OperationContext,
  request: GetRequest,
): Promise<{ readonly item: Item | undefined; readonly used: UsedCapacity }> {
  const store = dynaliteStore(context, readingOnly(context.database));
  const output = await runAction(getItem, store, {
    ...request,
    ConsistentRead: true,
    ReturnConsumedCapacity: 'TOTAL',
  });
  const tableUnits = TRANSACTION_FACTOR * (output.ConsumedCapacity?.CapacityUnits ?? 1);
  return { item: output.Item, used: { tableName: request.TableName, tableUnits, indexes: [] } };
}

interface Outcome {
  readonly reason: { readonly Code: string; readonly Message?: string };
  readonly item?: Item | undefined;
  readonly used?: UsedCapacity;
}

async function outcomeOf(context: OperationContext, request: GetRequest): Promise<Outcome> {
  try {
    return { reason: { Code: 'None' }, ...(await readTransactionally(context, request)) };
  } catch (error) {
    if (!(error instanceof ServiceFault) || error.code !== 'ValidationException') throw error;
    return { reason: { Code: 'ValidationError', Message: error.message } };
  }
}
