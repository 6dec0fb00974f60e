import deleteItem from 'dynalite/actions/deleteItem.js';
import putItem from 'dynalite/actions/putItem.js';
import updateItem from 'dynalite/actions/updateItem.js';
import { createKey, validateItem, validateKey } from 'dynalite/db/index.js';
import type { Item } from '#local/services/dynamodb/attribute-value.ts';
import { checkAsked, checkUpdated } from '#local/services/dynamodb/check-write.ts';
import {
  byTable,
  type CapacityDetail,
  consumedCapacity,
  TRANSACTION_FACTOR,
  type UsedCapacity,
  writeCapacity,
} from '#local/services/dynamodb/consumed-capacity.ts';
import { invalidRequest } from '#local/services/dynamodb/dynalite-fault.ts';
import { itemBytes } from '#local/services/dynamodb/item-bytes.ts';
import type { ItemChange } from '#local/services/dynamodb/item-change.ts';
import {
  isConditionFailure,
  type WriteRequest,
} from '#local/services/dynamodb/item-write-operations.ts';
import type { OperationContext } from '#local/services/dynamodb/operation.ts';
import { type Action, runAction } from '#local/services/dynamodb/run-action.ts';
import { readTransactionally } from '#local/services/dynamodb/transact-get.ts';
import { ServiceFault } from '#local/services/local-service.ts';

/** What a transaction can do to an item. */
export type TransactVerb = 'Put' | 'Update' | 'Delete' | 'ConditionCheck';

/** A validated TransactWriteItems. */
export interface TransactWriteRequest {
  readonly TransactItems: readonly Readonly<Partial<Record<TransactVerb, WriteRequest>>>[];
  readonly ClientRequestToken?: string;
  readonly ReturnConsumedCapacity?: CapacityDetail;
}

/** One action of a transaction. */
export interface TransactAction {
  readonly verb: TransactVerb;
  readonly request: WriteRequest;
}

/** Names each action by its one verb. */
export function transactActions(data: TransactWriteRequest): readonly TransactAction[] {
  return data.TransactItems.flatMap((item) =>
    VERBS.flatMap((verb) => {
      const request = item[verb];
      return request === undefined ? [] : [{ verb, request }];
    }),
  );
}

/** All verbs. */
export const VERBS: readonly TransactVerb[] = ['Put', 'Update', 'Delete', 'ConditionCheck'];

/** A check runs as a delete whose effect is thrown away: its condition is evaluated, and nothing written. */
const ACTIONS: Readonly<Record<TransactVerb, Action>> = {
  Put: putItem,
  Update: updateItem,
  Delete: deleteItem,
  ConditionCheck: deleteItem,
};

/**
 * Carries out a transaction, alone: so it never conflicts with another, and AWS's `TransactionConflict` never occurs.
 *
 * @throws {ServiceFault} `TransactionCanceledException` with a reason for each action.
 */
export function transactWrite(
  context: OperationContext,
  data: TransactWriteRequest,
): Promise<object> {
  const actions = transactActions(data);
  const token = data.ClientRequestToken;
  // Kept from before the actions run: an update that makes an item grows its key into it.
  const asked = structuredClone(actions);
  return context.writer.exclusively(async () => {
    for (const { request } of actions) context.tables.get(request.TableName);
    if (token !== undefined && context.tokens.isDone(token, asked))
      return replay(context, data, actions);
    checkDistinct(context, actions);
    const outcomes = await attemptAll(context, actions);
    const changes = outcomes.flatMap((outcome) => (outcome.change ? [outcome.change] : []));
    const operations = token === undefined ? [] : context.tokens.remember(token, asked);
    await context.writer.commit(changes, { operations });
    return worded(
      outcomes.map((outcome) => outcome.used),
      data.ReturnConsumedCapacity,
      'WriteCapacityUnits',
    );
  });
}

/** @throws when one of the actions fails, after all have been tried: each has its place among the reasons. */
async function attemptAll(
  context: OperationContext,
  actions: readonly TransactAction[],
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const action of actions) outcomes.push(await attempt(context, action));
  for (const { used } of outcomes) context.writer.count(used);
  if (outcomes.some((outcome) => outcome.reason.Code !== 'None')) throw cancelled(outcomes);
  return outcomes;
}

interface Outcome {
  readonly reason: { readonly Code: string; readonly Message?: string; readonly Item?: Item };
  readonly used: UsedCapacity;
  readonly change: ItemChange | undefined;
}

async function attempt(context: OperationContext, action: TransactAction): Promise<Outcome> {
  const { verb, request } = action;
  const { schema } = context.tables.get(request.TableName);
  const capture = context.writer.capture();
  const metOnly = () => ({
    tableName: request.TableName,
    oldItem: capture.met(),
    newItem: undefined,
    indexChanges: [],
  });
  try {
    checkAsked(schema, request);
    await runAction(ACTIONS[verb], capture.store, request);
    const [change] = capture.changes();
    if (verb === 'Update' && change) checkUpdated(schema, change);
    const isWrite = verb !== 'ConditionCheck' && change !== undefined;
    const write = isWrite ? { ...metOnly(), ...change } : metOnly();
    const used = writeCapacity(write, TRANSACTION_FACTOR);
    return { reason: { Code: 'None' }, used, change: isWrite ? change : undefined };
  } catch (error) {
    const reason = reasonOf(error, request, capture.met());
    return { reason, used: writeCapacity(metOnly(), TRANSACTION_FACTOR), change: undefined };
  }
}

/** @throws what is no reason to cancel, but a refusal of the whole request: AWS checks for empty keys up front. */
function reasonOf(error: unknown, request: WriteRequest, oldItem: Item | undefined) {
  if (!(error instanceof ServiceFault)) throw error;
  if (isConditionFailure(error)) {
    const isShown =
      request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && oldItem !== undefined;
    return {
      Code: 'ConditionalCheckFailed',
      ...(isShown ? { Item: oldItem } : {}),
      Message: error.message,
    };
  }
  if (error.code !== 'ValidationException' || error.message.includes('cannot contain an empty'))
    throw error;
  return { Code: 'ValidationError', Message: error.message };
}

function cancelled(outcomes: readonly Outcome[]): ServiceFault {
  const reasons = outcomes.map((outcome) => outcome.reason);
  const codes = reasons.map((reason) => reason.Code).join(', ');
  return new ServiceFault(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { members: { CancellationReasons: reasons } },
  );
}

/** Sum of all items' bytes. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const LARGEST_TRANSACTION_BYTES = 4 * 1024 * 1024;

function checkDistinct(context: OperationContext, actions: readonly TransactAction[]): void {
  const seen = new Set<string>();
  let bytes = 0;
  for (const { request } of actions) {
    const { schema } = context.tables.get(request.TableName);
    const { Item: item, Key: key } = request;
    bytes += itemBytes(item ?? key ?? {});
    const isInvalid = item ? validateItem(item, schema) : validateKey(key ?? {}, schema);
    if (isInvalid) continue;
    const name = `${request.TableName}!${createKey(item ?? key ?? {}, schema)}`;
    if (seen.has(name))
      throw invalidRequest('Transaction request cannot include multiple operations on one item');
    seen.add(name);
  }
  if (bytes > LARGEST_TRANSACTION_BYTES)
    throw invalidRequest('Collection size of items in the transaction exceeds 4 MB');
}

/** A repeated transaction writes nothing, and costs the reads that find this out. */
async function replay(
  context: OperationContext,
  data: TransactWriteRequest,
  actions: readonly TransactAction[],
): Promise<object> {
  const used: UsedCapacity[] = [];
  for (const { request } of actions) {
    const { schema } = context.tables.get(request.TableName);
    const item = request.Item ?? request.Key ?? {};
    const names = new Set(schema.KeySchema.map((key) => key.AttributeName));
    const Key = Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
    const read = await readTransactionally(context, { TableName: request.TableName, Key });
    used.push(read.used);
  }
  return worded(used, data.ReturnConsumedCapacity, 'ReadCapacityUnits');
}

function worded(
  used: readonly UsedCapacity[],
  detail: CapacityDetail = 'NONE',
  unitsName: 'ReadCapacityUnits' | 'WriteCapacityUnits',
): object {
  if (detail === 'NONE') return {};
  return {
    ConsumedCapacity: byTable(used).map((table) => consumedCapacity(table, detail, unitsName)),
  };
}
