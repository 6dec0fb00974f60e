import { describe, expect, it } from 'vitest';
import { deletePayloads } from '#functions/follow-jobs/delete-payloads.ts';
import type { StreamChange } from '#shared/adapters/dynamodb/stream-event.ts';
import { aPayload } from '#test/support/a-payload.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const row = {
  scheduleId: 'daily-sales',
  fireTime: '2026-11-23T09:00:00Z',
  task: 'sales-report',
  revision: 1,
  deliverBy: FIRE_TIME + 3_600,
  state: 'settled',
  attempt: 1,
  payload: aPayload(),
};
const moved = {
  ...row,
  payload: aPayload({ key: 'results/30d/daily-sales/20261123T090000Z/1-b' }),
};

async function deletedBy(change: Partial<StreamChange>): Promise<readonly string[]> {
  const deleted: string[] = [];
  const payloads = { delete: async (key: string) => void deleted.push(key) };
  const whole: StreamChange = {
    eventName: 'MODIFY',
    sequenceNumber: '1',
    at: FIRE_TIME,
    keys: {},
    ...change,
  };
  await deletePayloads([whole], { payloads });
  return deleted;
}

describe('deletePayloads', () => {
  it('deletes the object of a removed row', async () => {
    expect(await deletedBy({ eventName: 'REMOVE', oldItem: row })).toEqual([row.payload.key]);
  });

  it('deletes the object that a copy has taken the place of', async () => {
    expect(await deletedBy({ oldItem: row, newItem: moved })).toEqual([row.payload.key]);
  });

  it('deletes nothing while the row names the object, nor where it never named one', async () => {
    const { payload: _, ...without } = row;

    expect(await deletedBy({ oldItem: row, newItem: { ...row, expiresAt: 1 } })).toEqual([]);
    expect(await deletedBy({ oldItem: without, newItem: row })).toEqual([]);
    expect(await deletedBy({ eventName: 'REMOVE', oldItem: without })).toEqual([]);
  });

  it('gives the batch back where an object could not be deleted', async () => {
    const payloads = { delete: () => Promise.reject(new Error('SlowDown')) };
    const change: StreamChange = {
      eventName: 'REMOVE',
      sequenceNumber: '1',
      at: FIRE_TIME,
      keys: {},
      oldItem: row,
    };

    await expect(deletePayloads([change], { payloads })).rejects.toThrow('SlowDown');
  });
});
