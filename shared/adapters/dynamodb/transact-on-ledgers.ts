import { setTimeout } from 'node:timers/promises';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import { LEDGERS } from '#shared/domain/usage/ledger.ts';

/** A ledger that is busy all the time is given up after so many tries: within four seconds. */
const MOST_TRIES = 10;

/** The longest wait before the second try; it doubles up to the most. */
const FIRST_WAIT_MS = 20;
const LONGEST_WAIT_MS = 800;

/**
 * Sends a transaction that may move ledgers, again while nothing but another transaction on a ledger is in its way.
 *
 *    one write:    ├── schedule a, ledger ──┤ done
 *    the other:       ├── schedule b, ledger ── conflict ┤ … a random wait … ├── schedule b, ledger ──┤ done
 *
 * All schedules of a budget share its ledger, and DynamoDB cancels the later of two transactions that meet on an item. A transaction
 * whose answer is lost is sent again by the client with the same token, and so happens once.
 *
 * @throws {AlmanacError} `store.unavailable` where a ledger stays busy; otherwise what the client throws.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
 */
export async function transactOnLedgers(
  client: DynamoDBDocumentClient,
  params: TransactWriteCommandInput,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.send(new TransactWriteCommand(params));
      return;
    } catch (error) {
      if (!isLedgerBusy(error, params)) throw error;
      if (attempt === MOST_TRIES) throwUnavailable(error, "a budget's ledger");
    }
    await setTimeout(Math.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt));
  }
}

function isLedgerBusy(error: unknown, { TransactItems = [] }: TransactWriteCommandInput): boolean {
  if (!(error instanceof TransactionCanceledException)) return false;
  const failed = (error.CancellationReasons ?? []).flatMap(({ Code }, at) =>
    Code === undefined || Code === 'None' ? [] : [{ Code, item: TransactItems[at] }],
  );
  return (
    failed.length > 0 &&
    failed.every(
      ({ Code, item }) =>
        Code === 'TransactionConflict' && item?.Update?.Key?.['scheduleId'] === LEDGERS,
    )
  );
}
