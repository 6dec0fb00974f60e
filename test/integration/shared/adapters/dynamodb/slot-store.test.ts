import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSlotStore } from '#shared/adapters/dynamodb/slot-store.ts';
import { type Slot, type SlotHolder, scheduleSlot, taskSlot } from '#shared/domain/job/slot.ts';
import type { SlotStore } from '#shared/ports/slot-store.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { JOBS_TABLE, type JobsTable, serveJobsTable } from '#test/support/jobs-table.ts';

let table: JobsTable;
let slots: SlotStore;
let schedules = 0;

beforeAll(async () => {
  table = await serveJobsTable();
  slots = createSlotStore(table.client, JOBS_TABLE);
});

afterAll(async () => {
  await table[Symbol.asyncDispose]();
});

const FIRST: SlotHolder = { holder: 'first', leaseUntil: FIRE_TIME + 100 };
const SECOND: SlotHolder = { holder: 'second', leaseUntil: FIRE_TIME + 200 };

/** A slot that nobody has ever had. */
function aSlot(): Slot {
  schedules += 1;
  return scheduleSlot(`schedule-${schedules}`);
}

async function rowOf(slot: Slot) {
  const { Item } = await table.client.send(new GetCommand({ TableName: JOBS_TABLE, Key: slot }));
  return Item;
}

describe('a slot', () => {
  it('is taken once, and tells who has it', async () => {
    const slot = aSlot();

    expect(await slots.take(slot, FIRST)).toEqual({ kind: 'taken' });
    expect(await slots.take(slot, SECOND)).toEqual({ kind: 'held', by: FIRST });
  });

  it('is taken again by its holder, for a longer time', async () => {
    const slot = aSlot();
    await slots.take(slot, FIRST);

    const longer = { ...FIRST, leaseUntil: FIRE_TIME + 900 };

    expect(await slots.take(slot, longer)).toEqual({ kind: 'taken' });
    expect(await slots.take(slot, SECOND)).toEqual({ kind: 'held', by: longer });
  });

  it('is taken from the holder that was seen, and not from one that has renewed it since', async () => {
    const slot = aSlot();
    await slots.take(slot, FIRST);

    expect(await slots.take(slot, SECOND, { ...FIRST, leaseUntil: FIRE_TIME })).toEqual({
      kind: 'held',
      by: FIRST,
    });
    expect(await slots.take(slot, SECOND, FIRST)).toEqual({ kind: 'taken' });
  });

  it('is let go of by its holder alone, and leaves no reader a holder', async () => {
    const slot = aSlot();
    await slots.take(slot, FIRST);

    await slots.free(slot, 'second');
    const kept = await slots.take(slot, SECOND);
    await slots.free(slot, 'first');

    expect(kept).toMatchObject({ kind: 'held' });
    expect(await rowOf(slot)).not.toHaveProperty('holder');
    expect(await slots.take(slot, SECOND)).toEqual({ kind: 'taken' });
  });

  it('is handed over by its holder alone', async () => {
    const slot = aSlot();
    await slots.take(slot, FIRST);

    expect(await slots.handOver(slot, 'second', SECOND)).toBe(false);
    expect(await slots.handOver(slot, 'first', SECOND)).toBe(true);
    expect(await slots.take(slot, FIRST)).toEqual({ kind: 'held', by: SECOND });
  });

  it('leaves by TTL only when no job can hold it any more', async () => {
    const slot = aSlot();
    await slots.take(slot, FIRST);

    expect(await rowOf(slot)).toMatchObject({ expiresAt: FIRST.leaseUntil + 3 * 86_400 });
  });

  it('is free where nothing was ever held, and is let go of without harm', async () => {
    const slot = aSlot();

    await slots.free(slot, 'first');

    expect(await rowOf(slot)).toBeUndefined();
  });
});

describe('the slots of a task', () => {
  it('are read together with their holders, without the free ones', async () => {
    await slots.take(taskSlot('report', 0), FIRST);
    await slots.take(taskSlot('report', 2), SECOND);
    await slots.take(taskSlot('report', 3), SECOND);
    await slots.free(taskSlot('report', 3), 'second');

    const holders = await slots.holders('slot:task:report');

    expect([...holders]).toEqual([
      ['#0', FIRST],
      ['#2', SECOND],
    ]);
  });
});
