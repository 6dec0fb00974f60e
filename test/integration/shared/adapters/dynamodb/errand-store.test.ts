import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BACKDATING_ITEMS } from '#shared/adapters/dynamodb/backdating-item.ts';
import { BACKFILL_ITEMS } from '#shared/adapters/dynamodb/backfill-item.ts';
import { createErrandStore } from '#shared/adapters/dynamodb/errand-store.ts';
import { createScheduleStore } from '#shared/adapters/dynamodb/schedule-store.ts';
import { createSweepStore } from '#shared/adapters/dynamodb/sweep-store.ts';
import type { Backfill } from '#shared/domain/backfill/backfill.ts';
import type { ErrandStore } from '#shared/ports/errand-store.ts';
import { aBackdating } from '#test/support/a-backdating.ts';
import { aBackfill } from '#test/support/a-backfill.ts';
import { aSchedule } from '#test/support/a-schedule.ts';
import {
  SCHEDULES_TABLE,
  type ScheduleTables,
  serveScheduleTables,
} from '#test/support/schedules-table.ts';

let tables: ScheduleTables;
let backfills: ErrandStore<Backfill>;

beforeAll(async () => {
  tables = await serveScheduleTables();
  backfills = createErrandStore(tables.client, SCHEDULES_TABLE, BACKFILL_ITEMS);
});

afterAll(async () => {
  await tables[Symbol.asyncDispose]();
});

const { errandId } = aBackfill();

describe('a backfill in the table', () => {
  it('is read as it was written, whatever of it is there', async () => {
    const full = aBackfill({
      scheduleId: 'full',
      overlap: 'buffer-all',
      note: 'after the outage',
      trigger: { trigger: { kind: 'once' }, anchorAt: 7, calendars: { holidays: ['2026-12-25'] } },
      open: [{ fireTime: 1, sentAt: 2, deliverBy: 3 }],
      sendingAt: 2,
    });
    await backfills.create(full);
    await backfills.create(aBackfill({ scheduleId: 'bare' }));

    expect(await backfills.read('full', errandId)).toEqual(full);
    expect(await backfills.read('bare', errandId)).toEqual(aBackfill({ scheduleId: 'bare' }));
    expect(await backfills.read('none', errandId)).toBeUndefined();
  });

  it('is replaced by one of two who have read it', async () => {
    await backfills.create(aBackfill({ scheduleId: 'raced' }));
    const next = (writtenBy: string) => aBackfill({ scheduleId: 'raced', version: 2, writtenBy });

    expect(await backfills.replace(next('one'))).toBe(true);
    expect(await backfills.replace(next('other'))).toBe(false);

    expect(await backfills.read('raced', errandId)).toMatchObject({ writtenBy: 'one' });
  });

  it('knows its own write, whose answer was lost', async () => {
    await backfills.create(aBackfill({ scheduleId: 'lost' }));
    const written = aBackfill({ scheduleId: 'lost', version: 2, writtenBy: 'one', sendingAt: 5 });

    expect(await backfills.replace(written)).toBe(true);
    expect(await backfills.replace(written)).toBe(true);
    const { sendingAt: _, ...another } = written;
    expect(await backfills.replace(another)).toBe(false);
  });

  it('is listed with the others of its schedule alone, newest first', async () => {
    const ids = ['01KAQXVA90000000000000000A', '01KAQXVA91000000000000000A'];
    for (const id of ids) await backfills.create(aBackfill({ scheduleId: 'listed', errandId: id }));

    const first = await backfills.list('listed', { limit: 1 });
    const second = await backfills.list('listed', {
      limit: 2,
      ...(first.next && { after: first.next }),
    });

    expect(first).toMatchObject({ errands: [{ errandId: ids[1] }], next: ids[1] });
    expect(second.errands).toMatchObject([{ errandId: ids[0] }]);
    expect(second).not.toHaveProperty('next');
  });

  it('leaves by TTL thirty days after its end', async () => {
    await backfills.create(aBackfill({ scheduleId: 'ended' }));
    const Key = { scheduleId: 'ended', part: `backfill#${errandId}` };
    const get = new GetCommand({ TableName: SCHEDULES_TABLE, Key });
    const before = await tables.client.send(get);

    const ended = aBackfill({
      scheduleId: 'ended',
      version: 2,
      state: 'completed',
      endedAt: 1_000,
    });
    await backfills.replace(ended);

    expect(before.Item).not.toHaveProperty('expiresAt');
    expect((await tables.client.send(get)).Item).toMatchObject({ expiresAt: 1_000 + 30 * 86_400 });
  });

  it('is nothing to whoever reads, lists or sweeps schedules', async () => {
    const schedules = createScheduleStore(tables.client, SCHEDULES_TABLE);
    const schedule = aSchedule({ scheduleId: 'beside' });
    await schedules.write(schedule, { generation: undefined });
    await backfills.create(aBackfill({ scheduleId: 'beside' }));

    expect(Object.keys(await schedules.read('beside')).toSorted()).toEqual(['definition', 'state']);
    expect((await schedules.list({ limit: 10 })).schedules).toHaveLength(1);
    const { states } = await createSweepStore(tables.client, SCHEDULES_TABLE).page(undefined);
    expect(states.map(({ scheduleId }) => scheduleId)).toEqual(['beside']);
  });
});

describe('a backdating in the table', () => {
  it('is read as it was written, whatever of it is there, and apart from backfills', async () => {
    const backdatings = createErrandStore(tables.client, SCHEDULES_TABLE, BACKDATING_ITEMS);
    const full = aBackdating({
      scheduleId: 'backdated',
      note: 'after the audit',
      policy: {
        resultExpirationTime: { success: 1, default: 0 },
        keepLast: 2,
        persist: 'on-change',
      },
      isAlone: true,
      after: '2026-11-23T09:00:00Z',
      places: { last: 1, success: true },
      reason: 'Superseded.',
    });
    await backdatings.create(full);
    await backfills.create(aBackfill({ scheduleId: 'backdated' }));

    expect((await backdatings.list('backdated', { limit: 5 })).errands).toEqual([full]);
    expect(await backdatings.read('backdated', full.errandId)).toEqual(full);
    const schedules = createScheduleStore(tables.client, SCHEDULES_TABLE);
    expect(await schedules.read('backdated')).toEqual({});
  });
});
