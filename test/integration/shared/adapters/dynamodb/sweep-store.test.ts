import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScheduleStore } from '#shared/adapters/dynamodb/schedule-store.ts';
import { createSweepStore } from '#shared/adapters/dynamodb/sweep-store.ts';
import type { ScheduleState } from '#shared/domain/schedule/schedule.ts';
import type { ScheduleStore } from '#shared/ports/schedule-store.ts';
import type { SweepStore } from '#shared/ports/sweep-store.ts';
import { aDefinition, aSchedule, aState } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import {
  SCHEDULES_TABLE,
  type ScheduleTables,
  serveScheduleTables,
} from '#test/support/schedules-table.ts';

let tables: ScheduleTables;
let schedules: ScheduleStore;
let sweeps: SweepStore;

beforeAll(async () => {
  tables = await serveScheduleTables();
  schedules = createScheduleStore(tables.client, SCHEDULES_TABLE);
  sweeps = createSweepStore(tables.client, SCHEDULES_TABLE);
});

afterAll(async () => {
  await tables[Symbol.asyncDispose]();
});

describe('a sweep of the table', () => {
  it('meets every schedule and every tombstone, page by page, and no cursor among them', async () => {
    const ids = Array.from({ length: 510 }, (_, at) => `swept-${String(at).padStart(3, '0')}`);
    for (const scheduleId of ids)
      await schedules.write(aSchedule({ scheduleId }), { generation: undefined });
    await schedules.bury(aState({ scheduleId: 'swept-007', generation: 2, deletedAt: FIRE_TIME }), {
      generation: 1,
      replaced: aDefinition({ scheduleId: 'swept-007' }),
    });
    await sweeps.writeCursor({ after: 'anywhere', roundAt: FIRE_TIME });

    const met: string[] = [];
    let pages = 0;
    for (let after: string | undefined; ; pages += 1) {
      const { states, next } = await sweeps.page(after);
      met.push(...states.map(({ scheduleId }) => scheduleId));
      after = next;
      if (next === undefined) break;
    }

    expect(met.filter((id) => id.startsWith('swept-')).toSorted()).toEqual(ids);
    expect(met.at(-1)).toBe('swept-007');
    expect(met).not.toContain('#sweep');
    expect(pages).toBeGreaterThanOrEqual(2);
  });

  it('remembers where it stopped, and that it came to the end', async () => {
    const cursor = { after: 'schedule/daily-sales', roundAt: FIRE_TIME };
    await sweeps.writeCursor(cursor);
    expect(await sweeps.readCursor()).toEqual(cursor);

    await sweeps.writeCursor(undefined);
    expect(await sweeps.readCursor()).toBeUndefined();
  });
});

describe('where a schedule is swept to', () => {
  const aSwept = async (scheduleId: string, changes: Partial<ScheduleState> = {}) => {
    const schedule = aSchedule({ scheduleId }, { sweptTo: FIRE_TIME, generation: 3, ...changes });
    await schedules.write(schedule, { generation: undefined });
    const read = async () => (await schedules.read(scheduleId)).state ?? aState();
    return { state: await read(), read };
  };

  it('moves, without a new generation', async () => {
    const { state, read } = await aSwept('moves');

    expect(await sweeps.moveSweptTo(state, FIRE_TIME + 86_400)).toBe(true);

    expect(await read()).toEqual({ ...state, sweptTo: FIRE_TIME + 86_400 });
  });

  it('is noted first where nobody has swept it yet', async () => {
    const { sweptTo: _, ...fresh } = aState({ scheduleId: 'first' });
    const { definition } = aSchedule({ scheduleId: 'first' });
    await schedules.write({ definition, state: fresh }, { generation: undefined });

    expect(await sweeps.moveSweptTo(fresh, FIRE_TIME)).toBe(true);
    expect(await sweeps.moveSweptTo(fresh, FIRE_TIME)).toBe(false);
  });

  it.each([
    ['the schedule was written', { generation: 2 }],
    ['another sweep has moved it', { sweptTo: FIRE_TIME - 60 }],
    ['someone has asked for a job', { askedAt: FIRE_TIME }],
  ])('stays where %s meanwhile', async (_, seen) => {
    const { state, read } = await aSwept(`stays-${Object.keys(seen)}`);

    expect(await sweeps.moveSweptTo({ ...state, ...seen }, FIRE_TIME + 60)).toBe(false);

    expect((await read()).sweptTo).toBe(FIRE_TIME);
  });
});

describe('definitions for a sweep', () => {
  it('are read of any number of schedules, without those that are gone', async () => {
    const ids = Array.from({ length: 120 }, (_, at) => `defined-${at}`);
    for (const scheduleId of ids)
      await schedules.write(aSchedule({ scheduleId }), { generation: undefined });

    const found = await sweeps.definitions([...ids, 'nobody']);

    expect(found.map(({ scheduleId }) => scheduleId).toSorted()).toEqual(ids.toSorted());
    expect(await sweeps.definitions([])).toEqual([]);
  });
});

describe('where someone asks for a job of a schedule', () => {
  const askedOf = async (scheduleId: string, sweptTo: number) => {
    await schedules.write(aSchedule({ scheduleId }, { sweptTo }), { generation: undefined });
    const before = (await schedules.read(scheduleId)).state ?? aState();
    await schedules.noteAsked(scheduleId, FIRE_TIME);
    return { before, after: (await schedules.read(scheduleId)).state };
  };

  it('is swept to the job at the latest', async () => {
    const { before, after } = await askedOf('asked-early', FIRE_TIME + 86_400);

    expect(after).toEqual({ ...before, askedAt: FIRE_TIME, sweptTo: FIRE_TIME });
  });

  it('is swept to where it was, if that is before; a sweep that is under way does not pass by', async () => {
    const { before, after } = await askedOf('asked-late', FIRE_TIME - 60);

    expect(after).toEqual({ ...before, askedAt: FIRE_TIME });
    expect(await sweeps.moveSweptTo(before, FIRE_TIME + 86_400)).toBe(false);
  });

  it('that is gone, nothing is noted', async () => {
    await schedules.noteAsked('nobody-asked', FIRE_TIME);

    expect(await schedules.read('nobody-asked')).toEqual({});
  });
});

describe('the place of a task', () => {
  it('is remembered, and is none at first', async () => {
    const place = { sweptTo: FIRE_TIME, open: ['2026-11-23T09:00:00Z~0123456789ABCDEFGHJKMNPQRS'] };
    expect(await sweeps.readTaskPlace('sales-report')).toBeUndefined();

    await sweeps.writeTaskPlace('sales-report', place);

    expect(await sweeps.readTaskPlace('sales-report')).toEqual(place);
  });
});

describe('a schedule whose copy is not as it should be', () => {
  it('is pending again, with the generation that it has, once', async () => {
    await schedules.write(aSchedule({ scheduleId: 'drifted' }), { generation: undefined });
    const { state = aState() } = await schedules.read('drifted');

    expect(await sweeps.setPending(state, FIRE_TIME)).toBe(true);
    expect(await sweeps.setPending(state, FIRE_TIME)).toBe(false);

    expect((await schedules.read('drifted')).state?.sync).toEqual({
      state: 'pending',
      generation: 1,
      at: FIRE_TIME,
    });
  });

  it('is left alone where it was written meanwhile', async () => {
    await schedules.write(aSchedule({ scheduleId: 'written' }), { generation: undefined });
    const { state = aState() } = await schedules.read('written');

    expect(await sweeps.setPending({ ...state, generation: 0 }, FIRE_TIME)).toBe(false);
  });

  it('is found by a place of its own, beside that of the sweep', async () => {
    const cursor = { after: 'schedule/a', roundAt: FIRE_TIME };
    await sweeps.writeCursor(cursor);
    await sweeps.writeComparedTo('b');

    expect([await sweeps.readCursor(), await sweeps.readComparedTo()]).toEqual([cursor, 'b']);
    await sweeps.writeComparedTo(undefined);
    expect(await sweeps.readComparedTo()).toBeUndefined();
  });
});
