import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedgerCounter, createLedgerReader } from '#shared/adapters/dynamodb/ledger-store.ts';
import { createScheduleStore } from '#shared/adapters/dynamodb/schedule-store.ts';
import type { StoredSchedule } from '#shared/domain/schedule/schedule.ts';
import type { Budget, Share } from '#shared/domain/usage/budget.ts';
import { ledgerMoves } from '#shared/domain/usage/ledger-moves.ts';
import type { LedgerCounter, LedgerReader } from '#shared/ports/ledger-store.ts';
import type { ScheduleStore } from '#shared/ports/schedule-store.ts';
import { aBudget } from '#test/support/a-budget.ts';
import { aSchedule, aState } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import {
  SCHEDULES_TABLE,
  type ScheduleTables,
  serveScheduleTables,
} from '#test/support/schedules-table.ts';

let tables: ScheduleTables;
let schedules: ScheduleStore;
let reader: LedgerReader;
let counter: LedgerCounter;

beforeAll(async () => {
  tables = await serveScheduleTables();
  schedules = createScheduleStore(tables.client, SCHEDULES_TABLE);
  reader = createLedgerReader(tables.client, SCHEDULES_TABLE);
  counter = createLedgerCounter(tables.client, SCHEDULES_TABLE);
});

afterAll(async () => {
  await tables[Symbol.asyncDispose]();
});

function aShare(storedBytes: number, scope: string, version = 1): Share {
  return { storedBytes, microdollars: 7, scopes: [scope], version };
}

/** A schedule with a share, and what creating it expects. */
function creation(scheduleId: string, share: Share, budget: Budget) {
  const schedule = aSchedule({ scheduleId, share });
  return [
    schedule,
    { generation: undefined, moves: ledgerMoves(undefined, share, [budget]) },
  ] as const;
}

/** The same schedule with another share, and what replacing it expects. */
function change(before: StoredSchedule, share: Share, budget: Budget) {
  const { scheduleId, revision } = before.definition;
  const after = aSchedule({ scheduleId, share, revision: revision + 1 }, { generation: 2 });
  const moves = ledgerMoves(before.definition.share, share, [budget]);
  return [after, { generation: 1, replaced: before.definition, moves }] as const;
}

const ledgerOf = async (scope: string) =>
  (await reader.read()).ledgers.find((ledger) => ledger.scope === scope);
const takenOf = async (scope: string) => (await ledgerOf(scope))?.storedBytes;

describe('a ledger', () => {
  it('moves with the schedules that it counts, and tells how its budget stands', async () => {
    const budget = aBudget({ scope: 'tag:t:moves' });
    const share = aShare(60_000, budget.scope);
    const [schedule, expected] = creation('moves', share, budget);

    expect(await schedules.write(schedule, expected)).toBe(true);

    expect(await ledgerOf(budget.scope)).toEqual({
      scope: 'tag:t:moves',
      storedBytes: 60_000,
      microdollars: 7,
      version: 1,
      budget,
    });
    expect((await schedules.read('moves')).definition?.share).toEqual(share);
    const replaced = change(schedule, aShare(20_000, budget.scope, 2), budget);
    expect(await schedules.write(...replaced)).toBe(true);
    expect(await takenOf(budget.scope)).toBe(20_000);
    const { definition } = replaced[0];
    const tombstone = aState({ scheduleId: 'moves', generation: 3, deletedAt: FIRE_TIME });
    const moves = ledgerMoves(definition.share, undefined, [budget]);
    expect(await schedules.bury(tombstone, { generation: 2, replaced: definition, moves })).toBe(
      true,
    );
    expect(await ledgerOf(budget.scope)).toMatchObject({ storedBytes: 0, version: 3 });
  });

  it('has room for one of two that fit alone and not together, and the other leaves no trace', async () => {
    const budget = aBudget({ scope: 'tag:t:race' });
    const ids = ['race-a', 'race-b'];

    const written = await Promise.all(
      ids.map((id) => schedules.write(...creation(id, aShare(60_000, budget.scope), budget))),
    );

    expect(written.toSorted()).toEqual([false, true]);
    expect(await takenOf(budget.scope)).toBe(60_000);
    const found = await Promise.all(ids.map((id) => schedules.read(id)));
    expect(found.filter(({ state }) => state !== undefined)).toHaveLength(1);
  });

  it('never takes more than its limit, however many write at once', async () => {
    const budget = aBudget({ scope: 'tag:t:many', limit: 100_000 });
    const ids = Array.from({ length: 12 }, (_, at) => `many-${at}`);

    const written = await Promise.all(
      ids.map((id) => schedules.write(...creation(id, aShare(30_000, budget.scope), budget))),
    );

    expect(written.filter((isWritten) => isWritten)).toHaveLength(3);
    expect(await takenOf(budget.scope)).toBe(90_000);
  });

  it('is filled to the byte, and has no room for a schedule that is larger than all of it', async () => {
    const budget = aBudget({ scope: 'tag:t:byte', limit: 100 });
    const larger = creation('byte-a', aShare(101, budget.scope), budget);
    const exact = creation('byte-b', aShare(100, budget.scope), budget);

    expect(await schedules.write(...larger)).toBe(false);
    expect(await schedules.write(...exact)).toBe(true);
  });

  it('lets a schedule that warns pass its limit', async () => {
    const budget = aBudget({ scope: 'tag:t:warn', limit: 100, onExceeded: 'warn' });

    expect(await schedules.write(...creation('warn', aShare(500, budget.scope), budget))).toBe(
      true,
    );
    expect(await takenOf(budget.scope)).toBe(500);
  });

  it('moves once where the answer is lost and the client sends the transaction again', async () => {
    const budget = aBudget({ scope: 'tag:t:lost' });
    const { client, lost } = aClientThatLosesAnswers(1);
    const store = createScheduleStore(client, SCHEDULES_TABLE);

    expect(await store.write(...creation('lost', aShare(60_000, budget.scope), budget))).toBe(true);

    expect(lost()).toBe(1);
    expect(await ledgerOf(budget.scope)).toMatchObject({ storedBytes: 60_000, version: 1 });
  });

  it('is in no list of schedules', async () => {
    const budget = aBudget({ scope: 'tag:t:list' });
    await schedules.write(...creation('listed', aShare(1, budget.scope), budget));

    const { schedules: listed } = await schedules.list({ limit: 100 });

    expect(listed.map(({ definition }) => definition.scheduleId)).toContain('listed');
    expect(listed.filter(({ definition }) => definition.scheduleId.startsWith('#'))).toEqual([]);
  });
});

describe('counting anew', () => {
  const budget = aBudget({ scope: 'tag:t:count', limit: 100 });

  it('moves the ledger past its limit, and leaves generation and revision alone', async () => {
    const [schedule, expected] = creation('count-a', aShare(90, budget.scope), budget);
    await schedules.write(schedule, expected);
    const share = aShare(150, budget.scope, 2);
    const moves = ledgerMoves(schedule.definition.share, share, [budget]);

    expect(await counter.reweigh(schedule.definition, share, moves)).toBe(true);

    const { definition, state } = await schedules.read('count-a');
    expect(definition).toEqual({ ...schedule.definition, share });
    expect(state?.generation).toBe(1);
    expect(await takenOf(budget.scope)).toBe(150);
  });

  it('and a write of the user, of which each has read the same: one goes through, and the ledger is the sum', async () => {
    const own = aBudget({ scope: 'tag:t:both', limit: 1_000 });
    const [schedule, expected] = creation('both', aShare(90, own.scope), own);
    await schedules.write(schedule, expected);
    const counted = aShare(200, own.scope, 2);
    const moves = ledgerMoves(schedule.definition.share, counted, [own]);

    const written = await Promise.all([
      counter.reweigh(schedule.definition, counted, moves),
      schedules.write(...change(schedule, aShare(50, own.scope, 2), own)),
    ]);

    expect(written.toSorted()).toEqual([false, true]);
    const { definition } = await schedules.read('both');
    expect(await takenOf(own.scope)).toBe(definition?.share?.storedBytes);
  });

  it('leaves a schedule alone that was written, deleted or created anew since', async () => {
    const own = aBudget({ scope: 'tag:t:since', limit: 1_000 });
    const [schedule, expected] = creation('since', aShare(90, own.scope), own);
    await schedules.write(schedule, expected);
    const share = aShare(200, own.scope, 2);
    const moves = ledgerMoves(schedule.definition.share, share, [own]);
    const { definition } = schedule;

    expect(await counter.reweigh({ ...definition, revision: 9 }, share, moves)).toBe(false);
    expect(await counter.reweigh({ ...definition, createdAt: 5 }, share, moves)).toBe(false);
    expect(await counter.reweigh({ ...definition, scheduleId: 'gone' }, share, moves)).toBe(false);
    expect(await takenOf(own.scope)).toBe(90);
  });

  it('refuses a delete that has read an older share', async () => {
    const own = aBudget({ scope: 'tag:t:delete', limit: 1_000 });
    const [schedule, expected] = creation('delete', aShare(90, own.scope), own);
    await schedules.write(schedule, expected);
    const share = aShare(200, own.scope, 2);
    await counter.reweigh(
      schedule.definition,
      share,
      ledgerMoves(schedule.definition.share, share, [own]),
    );
    const tombstone = aState({ scheduleId: 'delete', generation: 2, deletedAt: FIRE_TIME });
    const moves = ledgerMoves(schedule.definition.share, undefined, [own]);
    const replaced = schedule.definition;

    expect(await schedules.bury(tombstone, { generation: 1, replaced, moves })).toBe(false);
    expect(await takenOf(own.scope)).toBe(200);
  });

  it('keeps its place, and notes in a ledger that all are counted in, whether or not it was there', async () => {
    const own = aBudget({ scope: 'tag:t:note', limit: 5 });
    expect(await counter.readPlace()).toBeUndefined();
    await counter.writePlace({ roundAt: FIRE_TIME, mark: 7, after: 's1' });
    expect(await counter.readPlace()).toEqual({ roundAt: FIRE_TIME, mark: 7, after: 's1' });
    await counter.writePlace({ roundAt: FIRE_TIME, mark: 7 });
    expect(await counter.readPlace()).toEqual({ roundAt: FIRE_TIME, mark: 7 });

    const noted = await counter.noteCounted(own, FIRE_TIME);

    expect(noted).toEqual({
      scope: 'tag:t:note',
      storedBytes: 0,
      microdollars: 0,
      version: 1,
      budget: own,
      countedAt: FIRE_TIME,
    });
    expect(await ledgerOf('tag:t:note')).toEqual(noted);
  });
});

describe('ledgers that do not answer', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['read', () => createLedgerReader(tables.client, 'Nowhere').read()],
    ['readPlace', () => createLedgerCounter(tables.client, 'Nowhere').readPlace()],
    [
      'noteCounted',
      () => createLedgerCounter(tables.client, 'Nowhere').noteCounted(aBudget(), FIRE_TIME),
    ],
  ])('are unavailable to %s', async (_, ask) => {
    await expect(ask()).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});

/** A client as functions have it, the first answers to which are lost on the way. */
function aClientThatLosesAnswers(count: number) {
  let lost = 0;
  const client = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: tables.server.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      if (lost === count) return answer;
      lost += 1;
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    },
    { step: 'deserialize', priority: 'low', name: 'loseAnswers' },
  );
  return { client: DynamoDBDocumentClient.from(client), lost: () => lost };
}
