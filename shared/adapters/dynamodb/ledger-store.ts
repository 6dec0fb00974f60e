import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { asWeighed } from '#shared/adapters/dynamodb/as-weighed.ts';
import {
  countedParams,
  ledgerCounts,
  ledgerFromItem,
} from '#shared/adapters/dynamodb/ledger-params.ts';
import { readCostOf, TELL_UNITS } from '#shared/adapters/dynamodb/read-cost-of.ts';
import { transactOnLedgers } from '#shared/adapters/dynamodb/transact-on-ledgers.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import type { Share } from '#shared/domain/usage/budget.ts';
import { LEDGERS } from '#shared/domain/usage/ledger.ts';
import type { LedgerMove } from '#shared/domain/usage/ledger-moves.ts';
import type { LedgerCounter, LedgerReader } from '#shared/ports/ledger-store.ts';

/** Where the sweep keeps its places. */
const PLACE_KEY = { scheduleId: '#sweep', part: 'budgets' };

const place = z.object({ roundAt: z.int(), mark: z.int(), after: z.string().exactOptional() });

/** Reads ledgers from the Schedules table, all in one request: there are as many as budgets, and those that there were. */
export function createLedgerReader(client: DynamoDBDocumentClient, table: string): LedgerReader {
  return {
    read: () =>
      available(async () => {
        const answer = await client.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: 'scheduleId = :budgets',
            ExpressionAttributeValues: { ':budgets': LEDGERS },
            ConsistentRead: true,
            ...TELL_UNITS,
          }),
        );
        return { ledgers: (answer.Items ?? []).map(ledgerFromItem), cost: readCostOf(answer) };
      }),
  };
}

/** Counts schedules into the ledgers of the Schedules table. */
export function createLedgerCounter(client: DynamoDBDocumentClient, table: string): LedgerCounter {
  return {
    readPlace: () =>
      available(async () => {
        const { Item } = await client.send(new GetCommand({ TableName: table, Key: PLACE_KEY }));
        return Item && place.parse(Item);
      }),
    writePlace: (written) =>
      available(async () => {
        const Item = { ...PLACE_KEY, ...written };
        await client.send(new PutCommand({ TableName: table, Item }));
      }),
    reweigh: (definition, share, moves) =>
      available(() => isWritten(client, reweighParams(table, definition, { share, moves }))),
    noteCounted: (budget, at) =>
      available(async () => {
        const params = countedParams(table, budget, at);
        return ledgerFromItem((await client.send(new UpdateCommand(params))).Attributes);
      }),
  };
}

/**
 * Writes a share where its definition is as it was read. Neither EventBridge nor the user's ETag sees it.
 *
 *    revision 3, share 4 ── nobody has written either ── reweigh ──▶ revision 3, share 5, and the ledgers by the difference
 */
function reweighParams(
  table: string,
  definition: ScheduleDefinition,
  { share, moves }: { readonly share: Share; readonly moves: readonly LedgerMove[] },
): TransactWriteCommandInput {
  const { scheduleId, revision, createdAt } = definition;
  const weighed = asWeighed(definition);
  return {
    TransactItems: [
      {
        Update: {
          TableName: table,
          Key: { scheduleId, part: 'definition' },
          UpdateExpression: 'SET #share = :share',
          ConditionExpression: `revision = :revision AND createdAt = :createdAt AND ${weighed.ConditionExpression}`,
          ExpressionAttributeNames: weighed.ExpressionAttributeNames,
          ExpressionAttributeValues: {
            ...weighed.ExpressionAttributeValues,
            ':share': share,
            ':revision': revision,
            ':createdAt': createdAt,
          },
        },
      },
      ...ledgerCounts(table, moves),
    ],
  };
}

async function isWritten(
  client: DynamoDBDocumentClient,
  params: TransactWriteCommandInput,
): Promise<boolean> {
  try {
    await transactOnLedgers(client, params);
    return true;
  } catch (error) {
    if (error instanceof TransactionCanceledException) return false;
    throw error;
  }
}

async function available<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    return throwUnavailable(error, 'the Schedules table');
  }
}
