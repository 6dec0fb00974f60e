import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createScheduleStore } from '#shared/adapters/dynamodb/schedule-store.ts';
import { aBudget } from '#test/support/a-budget.ts';
import { aSchedule } from '#test/support/a-schedule.ts';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
const dynamo = mockClient(client);

/** Cancelled for these reasons: of the state, the definition and the ledger, in this order. */
function cancelled(...codes: readonly string[]) {
  return new TransactionCanceledException({
    message: 'Transaction cancelled',
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });
}

const write = () =>
  createScheduleStore(client, 'Schedules').write(aSchedule(), {
    generation: undefined,
    moves: [{ scope: 'stack', by: { storedBytes: 1, microdollars: 0 }, budget: aBudget() }],
  });
const sent = () => dynamo.commandCalls(TransactWriteCommand).length;

beforeEach(() => {
  // So that it never waits.
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(() => {
  dynamo.reset();
  vi.restoreAllMocks();
});

describe('a write that meets another on the ledger of its budget', () => {
  it('is sent again until the ledger is free', async () => {
    dynamo
      .on(TransactWriteCommand)
      .rejectsOnce(cancelled('None', 'None', 'TransactionConflict'))
      .rejectsOnce(cancelled('None', 'None', 'TransactionConflict'))
      .resolves({});

    expect(await write()).toBe(true);
    expect(sent()).toBe(3);
  });

  it('gives up in the end, and says that the store is busy rather than that the schedule is stale', async () => {
    dynamo.on(TransactWriteCommand).rejects(cancelled('None', 'None', 'TransactionConflict'));

    await expect(write()).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(sent()).toBe(10);
  });

  it.each([
    ['the schedule is written by another', ['TransactionConflict', 'None', 'TransactionConflict']],
    ['the schedule has been written', ['ConditionalCheckFailed', 'None', 'TransactionConflict']],
    ['the ledger has no room', ['None', 'None', 'ConditionalCheckFailed']],
  ])('is not sent again where %s', async (_, codes) => {
    dynamo.on(TransactWriteCommand).rejects(cancelled(...codes));

    expect(await write()).toBe(false);
    expect(sent()).toBe(1);
  });
});
