import type { TransactWriteCommandInput, UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { type Budget, MEASURES, WHEN_EXCEEDED } from '#shared/domain/usage/budget.ts';
import { LEDGERS, type Ledger } from '#shared/domain/usage/ledger.ts';
import { type LedgerMove, roomFor } from '#shared/domain/usage/ledger-moves.ts';

type TransactItems = NonNullable<TransactWriteCommandInput['TransactItems']>;

const ledgerItem = z.object({
  part: z.string(),
  storedBytes: z.number(),
  microdollars: z.number(),
  version: z.int(),
  budget: z
    .object({
      measure: z.enum(MEASURES),
      limit: z.number(),
      onExceeded: z.enum(WHEN_EXCEEDED),
    })
    .exactOptional(),
  countedAt: z.int().exactOptional(),
});

/**
 * Reads a ledger from its item.
 *
 * @throws a schema error for an item that Almanac did not write.
 */
export function ledgerFromItem(item: unknown): Ledger {
  const { part: scope, budget, ...fields } = ledgerItem.parse(item);
  return { scope, ...fields, ...(budget && { budget: { scope, ...budget } }) };
}

/**
 * Moves ledgers in the transaction of the share that moves them, so that a ledger is always the sum of the shares.
 *
 *    one write:    share 0 → 30 ── taken 60, room for 30 ── taken 90
 *    the other:    share 0 → 30 ── taken 90, no room ────── refused, and its schedule with it
 */
export function ledgerWrites(table: string, moves: readonly LedgerMove[]): TransactItems {
  return moves.map((move) => {
    const params = moveParams(table, move);
    const { condition, values } = hasRoom(move);
    return {
      Update: {
        ...params,
        ...(condition !== undefined && { ConditionExpression: condition }),
        ExpressionAttributeValues: { ...params.ExpressionAttributeValues, ...values },
      },
    };
  });
}

/** The same, whether or not there is room: the schedule is there, and what it comes to is found out too late to refuse it. */
export function ledgerCounts(table: string, moves: readonly LedgerMove[]): TransactItems {
  return moves.map((move) => ({ Update: moveParams(table, move) }));
}

/** Notes how a budget stands, and that all schedules are counted in. */
export function countedParams(table: string, budget: Budget, at: EpochSeconds) {
  return {
    TableName: table,
    Key: { scheduleId: LEDGERS, part: budget.scope },
    UpdateExpression:
      'ADD storedBytes :none, microdollars :none, #version :one SET #budget = :budget, countedAt = :at',
    ExpressionAttributeNames: { '#version': 'version', '#budget': 'budget' },
    ExpressionAttributeValues: { ':none': 0, ':one': 1, ':budget': budgetItem(budget), ':at': at },
    ReturnValues: 'ALL_NEW',
  } satisfies UpdateCommandInput;
}

function moveParams(table: string, { scope, by, budget }: LedgerMove) {
  return {
    TableName: table,
    Key: { scheduleId: LEDGERS, part: scope },
    UpdateExpression: `ADD storedBytes :bytes, microdollars :microdollars, #version :one ${
      budget ? 'SET #budget = :budget' : 'REMOVE #budget'
    }`,
    ExpressionAttributeNames: { '#version': 'version', '#budget': 'budget' },
    ExpressionAttributeValues: {
      ':bytes': by.storedBytes,
      ':microdollars': by.microdollars,
      ':one': 1,
      ...(budget && { ':budget': budgetItem(budget) }),
    },
  };
}

/** A ledger that is not there has all the room that its budget gives, which may be too little as well. */
function hasRoom(move: LedgerMove) {
  const room = roomFor(move);
  if (room === undefined || !move.budget) return {};
  const { measure } = move.budget;
  const isRoom = `${measure} <= :room`;
  return {
    condition: room < 0 ? isRoom : `attribute_not_exists(${measure}) OR ${isRoom}`,
    values: { ':room': room },
  };
}

function budgetItem({ measure, limit, onExceeded }: Budget) {
  return { measure, limit, onExceeded };
}
