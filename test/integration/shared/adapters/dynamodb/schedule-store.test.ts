import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScheduleStore } from '#shared/adapters/dynamodb/schedule-store.ts';
import { AlmanacError } from '#shared/domain/almanac-error.ts';
import type { ScheduleStore } from '#shared/ports/schedule-store.ts';
import { aDefinition, aSchedule, aState } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import {
  SCHEDULES_TABLE,
  type ScheduleTables,
  serveScheduleTables,
} from '#test/support/schedules-table.ts';

let tables: ScheduleTables;
let store: ScheduleStore;

beforeAll(async () => {
  tables = await serveScheduleTables();
  store = createScheduleStore(tables.client, SCHEDULES_TABLE);
});

afterAll(async () => {
  await tables[Symbol.asyncDispose]();
});

const NEW = { generation: undefined };
const failed = (generation: number) => ({
  state: 'failed' as const,
  generation,
  at: FIRE_TIME,
  error: { code: 'ValidationException', message: 'no', attempts: 1, retryAt: FIRE_TIME + 5 },
});

describe('a schedule in the table', () => {
  it('is read back as it was written, whatever JSON it holds', async () => {
    const schedule = aSchedule({
      scheduleId: 'whole',
      trigger: { kind: 'any', of: [{ kind: 'interval', every: 0.1 }] },
      input: { '': null, nested: [[], {}, ''], surrogate: '\ud800', tiny: 1e-300, '<': '\u2028' },
      policy: {
        resultExpirationTime: { error: 1, default: 0 },
        recordExpirationTime: 5,
        catchUpWindow: 60,
        timeoutSeconds: 7,
        retry: { maxAttempts: 2, delay: 1, factor: 1.5, maxDelay: 9 },
      },
      metadata: { team: 'sales' },
    });

    expect(await store.write(schedule, NEW)).toBe(true);

    expect(await store.read('whole')).toEqual(schedule);
  });

  it('is read back with its pause, and with what the one before passed over', async () => {
    const paused = { note: 'moving house', by: 'ada', since: FIRE_TIME, until: FIRE_TIME + 60 };
    const state = { plan: { started: 3 }, paused, passedOver: { from: 1, to: 2 } };
    const schedule = aSchedule({ scheduleId: 'paused' }, state);

    await store.write(schedule, NEW);

    expect(await store.read('paused')).toEqual(schedule);
  });

  it('takes a new state alone, where the old one is as it was read', async () => {
    const schedule = aSchedule({ scheduleId: 'state-alone', input: { kept: true } });
    await store.write(schedule, NEW);
    const next = aState({ scheduleId: 'state-alone', generation: 2 });

    expect(await store.writeState(next, { generation: 1 })).toBe(true);
    expect(await store.writeState({ ...next, generation: 3 }, { generation: 1 })).toBe(false);

    expect(await store.read('state-alone')).toEqual({ ...schedule, state: next });
  });

  it('is not there before it is written', async () => {
    expect(await store.read('nobody')).toEqual({});
  });

  it('is created once', async () => {
    const schedule = aSchedule({ scheduleId: 'once' });

    const written = await Promise.all([store.write(schedule, NEW), store.write(schedule, NEW)]);

    expect(written.toSorted()).toEqual([false, true]);
  });

  it('is changed by one of two who read the same', async () => {
    await store.write(aSchedule({ scheduleId: 'raced' }), NEW);
    const next = { generation: 2 };

    expect(
      await store.write(aSchedule({ scheduleId: 'raced', task: 'first' }, next), { generation: 1 }),
    ).toBe(true);
    expect(
      await store.write(aSchedule({ scheduleId: 'raced', task: 'second' }, next), {
        generation: 1,
      }),
    ).toBe(false);

    expect((await store.read('raced')).definition?.task).toBe('first');
  });

  it('is noted on condition of its generation', async () => {
    await store.write(aSchedule({ scheduleId: 'noted' }, { generation: 3 }), NEW);

    expect(await store.writeSync('noted', failed(2))).toBe(false);
    expect(await store.writeSync('noted', failed(3))).toBe(true);

    expect((await store.read('noted')).state?.sync).toEqual(failed(3));
  });

  it('is woken while it stands as failed, and keeps why', async () => {
    await store.write(aSchedule({ scheduleId: 'woken' }), NEW);

    expect(await store.wake('woken', 1, FIRE_TIME)).toBe(false);
    await store.writeSync('woken', failed(1));
    expect(await store.wake('woken', 2, FIRE_TIME)).toBe(false);
    expect(await store.wake('woken', 1, FIRE_TIME + 5)).toBe(true);

    expect((await store.read('woken')).state?.sync).toEqual({
      ...failed(1),
      state: 'pending',
      at: FIRE_TIME + 5,
    });
    expect(await store.wake('nobody', 1, FIRE_TIME)).toBe(false);
  });

  it('leaves a tombstone, which leaves by TTL, and not where it is created anew', async () => {
    const scheduleId = 'buried';
    const expiresAt = async () => {
      const Key = { scheduleId, part: 'state' };
      const { Item } = await tables.client.send(
        new GetCommand({ TableName: SCHEDULES_TABLE, Key }),
      );
      return Item?.['expiresAt'];
    };
    await store.write(aSchedule({ scheduleId }), NEW);
    const tombstone = aState({ scheduleId, generation: 2, deletedAt: FIRE_TIME });
    const replaced = aDefinition({ scheduleId });

    expect(await store.bury(tombstone, { generation: 7, replaced })).toBe(false);
    expect(await store.bury(tombstone, { generation: 1, replaced })).toBe(true);
    const completed = { state: 'completed' as const, generation: 2, at: FIRE_TIME };
    await store.writeSync(scheduleId, completed, { leavesAt: FIRE_TIME + 90_000 });

    expect(await store.read(scheduleId)).toEqual({ state: { ...tombstone, sync: completed } });
    expect(await expiresAt()).toBe(FIRE_TIME + 90_000);
    expect(await store.write(aSchedule({ scheduleId }, { generation: 3 }), NEW)).toBe(false);
    expect(await store.write(aSchedule({ scheduleId }, { generation: 3 }), { generation: 2 })).toBe(
      true,
    );
    expect(await expiresAt()).toBeUndefined();
  });

  it('that Almanac did not write is told of as a fault of the store', async () => {
    const Item = { scheduleId: 'foreign', part: 'state', generation: 'one' };
    await tables.client.send(new PutCommand({ TableName: SCHEDULES_TABLE, Item }));

    const reading = store.read('foreign');

    await expect(reading).rejects.toThrow(AlmanacError);
    await expect(reading).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});

describe('a list of schedules', () => {
  it('goes by id, page by page, without tombstones and without an end before the last', async () => {
    await using own = await serveScheduleTables();
    const listed = createScheduleStore(own.client, SCHEDULES_TABLE);
    const ids = Array.from({ length: 120 }, (_, at) => `s${String(at).padStart(3, '0')}`);
    await Promise.all(ids.map((scheduleId) => listed.write(aSchedule({ scheduleId }), NEW)));
    await listed.bury(aState({ scheduleId: 's050', generation: 2, deletedAt: FIRE_TIME }), {
      generation: 1,
      replaced: aDefinition({ scheduleId: 's050' }),
    });

    const first = await listed.list({ limit: 100 });
    const second = await listed.list({ limit: 100, after: first.next ?? '' });

    const found = [...first.schedules, ...second.schedules].map((each) => each.state.scheduleId);
    expect(first.schedules).toHaveLength(100);
    expect(first.next).toBe('s100');
    expect(found).toEqual(ids.filter((id) => id !== 's050'));
    expect(second.next).toBeUndefined();
  });

  it('is cut where its inputs would not fit an answer, and goes on from there', async () => {
    await using own = await serveScheduleTables();
    const listed = createScheduleStore(own.client, SCHEDULES_TABLE);
    const input = 'x'.repeat(240_000);
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const scheduleId of ids) await listed.write(aSchedule({ scheduleId, input }), NEW);

    const first = await listed.list({ limit: 25 });
    const second = await listed.list({ limit: 25, after: first.next ?? '' });

    const idsOf = (page: typeof first) => page.schedules.map(({ state }) => state.scheduleId);
    expect(idsOf(first)).toEqual(['a', 'b', 'c', 'd']);
    expect(first.next).toBe('d');
    expect(idsOf(second)).toEqual(['e', 'f']);
    expect(second.next).toBeUndefined();
  });
});

describe('a table that does not answer', () => {
  const nowhere = () => createScheduleStore(tables.client, 'Nowhere');

  it.each<[string, (none: ScheduleStore) => Promise<unknown>]>([
    ['read', (none) => none.read('x')],
    ['write', (none) => none.write(aSchedule(), NEW)],
    ['bury', (none) => none.bury(aState(), { generation: 1, replaced: aDefinition() })],
    ['writeSync', (none) => none.writeSync('x', failed(1))],
    ['wake', (none) => none.wake('x', 1, 1)],
    ['list', (none) => none.list({ limit: 1 })],
  ])('makes %s fail with store.unavailable', async (_, call) => {
    await expect(call(nowhere())).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});
