import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDependentStore } from '#shared/adapters/dynamodb/dependent-store.ts';
import { createScheduleStore } from '#shared/adapters/dynamodb/schedule-store.ts';
import type { DependentStore } from '#shared/ports/dependent-store.ts';
import type { ScheduleStore } from '#shared/ports/schedule-store.ts';
import { aDefinition, aSchedule, aState } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import {
  SCHEDULES_TABLE,
  type ScheduleTables,
  serveScheduleTables,
} from '#test/support/schedules-table.ts';

let tables: ScheduleTables;
let schedules: ScheduleStore;
let dependents: DependentStore;

beforeAll(async () => {
  tables = await serveScheduleTables();
  schedules = createScheduleStore(tables.client, SCHEDULES_TABLE);
  dependents = createDependentStore(tables.client, SCHEDULES_TABLE);
});

afterAll(async () => {
  await tables[Symbol.asyncDispose]();
});

const NEW = { generation: undefined };
const TIMED = { kind: 'cron', expression: '0 9 * * *' };
const following = (schedule: string, outcome = 'success') => ({ kind: 'after', schedule, outcome });
const dependent = (
  scheduleId: string,
  trigger: Readonly<Record<string, unknown>>,
  generation = 1,
) => aSchedule({ scheduleId, trigger, updatedAt: FIRE_TIME }, { generation });
const dependentsOf = async (id: string) =>
  (await dependents.list(id)).map(({ dependentId, outcomes }) => `${dependentId} ${outcomes}`);

describe('the edges of dependents', () => {
  it('are there with the schedule that they are of, and not in the way of the one upstream', async () => {
    const upstream = aSchedule({ scheduleId: 'x' });
    await schedules.write(upstream, NEW);
    for (const id of ['d1', 'd2']) await schedules.write(dependent(id, following('x')), NEW);

    expect(await dependents.list('x')).toEqual([
      { upstreamId: 'x', dependentId: 'd1', outcomes: ['success'], since: FIRE_TIME },
      { upstreamId: 'x', dependentId: 'd2', outcomes: ['success'], since: FIRE_TIME },
    ]);
    expect(await dependents.list('d1')).toEqual([]);
    expect(await schedules.read('x')).toEqual(upstream);
    expect(
      (await schedules.list({ limit: 100 })).schedules.map(({ state }) => state.scheduleId),
    ).toEqual(['d1', 'd2', 'x']);
  });

  it('move with a change of the trigger, and go with the schedule', async () => {
    const first = dependent('mover', following('left'));
    await schedules.write(first, NEW);
    const second = dependent('mover', following('right', 'error'), 2);
    await schedules.write(second, { generation: 1, replaced: first.definition });

    expect(await dependentsOf('left')).toEqual([]);
    expect(await dependentsOf('right')).toEqual(['mover error']);

    const tombstone = aState({ scheduleId: 'mover', generation: 3, deletedAt: FIRE_TIME });
    await schedules.bury(tombstone, { generation: 2, replaced: second.definition });

    expect(await dependentsOf('right')).toEqual([]);
  });

  it('stay as they are where the write is refused', async () => {
    const first = dependent('refused', following('stays'));
    await schedules.write(first, NEW);

    const isWritten = await schedules.write(dependent('refused', following('never'), 8), {
      generation: 7,
      replaced: first.definition,
    });

    expect(isWritten).toBe(false);
    expect(await dependentsOf('stays')).toEqual(['refused success']);
    expect(await dependentsOf('never')).toEqual([]);
  });

  it('are listed all, in the order of their ids', async () => {
    const ids = Array.from({ length: 40 }, (_, at) => `page-${String(at).padStart(2, '0')}`);
    await Promise.all(ids.map((id) => schedules.write(dependent(id, following('wide')), NEW)));

    expect((await dependents.list('wide')).map(({ dependentId }) => dependentId)).toEqual(ids);
  });
});

describe('a write that comes after others', () => {
  it('is refused where a schedule upstream has another trigger than was read, or has come or gone', async () => {
    await schedules.write(aSchedule({ scheduleId: 'up', trigger: TIMED }), NEW);
    const write = (id: string, upstream: { scheduleId: string; trigger?: object }) =>
      schedules.write(dependent(id, following(upstream.scheduleId)), {
        ...NEW,
        upstream: [{ ...upstream, trigger: { ...upstream.trigger } }],
      });

    expect(await write('w1', { scheduleId: 'up', trigger: TIMED })).toBe(true);
    expect(await write('w2', { scheduleId: 'up', trigger: following('w2') })).toBe(false);
    expect(await write('w3', { scheduleId: 'gone', trigger: TIMED })).toBe(false);
    const absent = { ...NEW, upstream: [{ scheduleId: 'up' }] };
    expect(await schedules.write(dependent('w4', following('up')), absent)).toBe(false);
    const notThere = { ...NEW, upstream: [{ scheduleId: 'nowhere' }] };
    expect(await schedules.write(dependent('w5', following('nowhere')), notThere)).toBe(true);
  });

  it('is not disturbed by what a firing or a pause changes upstream', async () => {
    const up = aSchedule({ scheduleId: 'busy', trigger: TIMED });
    await schedules.write(up, NEW);
    await schedules.writeState(aState({ scheduleId: 'busy', generation: 9 }), { generation: 1 });

    const upstream = [{ scheduleId: 'busy', trigger: TIMED }];
    expect(await schedules.write(dependent('calm', following('busy')), { ...NEW, upstream })).toBe(
      true,
    );
  });

  it('lets one of two through that would close a circle together', async () => {
    const a = aDefinition({ scheduleId: 'a', trigger: TIMED });
    const b = aDefinition({ scheduleId: 'b', trigger: TIMED });
    for (const definition of [a, b]) await schedules.write(aSchedule({ ...definition }), NEW);

    const written = await Promise.all([
      schedules.write(dependent('a', following('b'), 2), {
        generation: 1,
        replaced: a,
        upstream: [{ scheduleId: 'b', trigger: TIMED }],
      }),
      schedules.write(dependent('b', following('a'), 2), {
        generation: 1,
        replaced: b,
        upstream: [{ scheduleId: 'a', trigger: TIMED }],
      }),
    ]);

    expect(written.toSorted()).toEqual([false, true]);
  });
});
