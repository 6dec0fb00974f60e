import { describe, expect, it } from 'vitest';
import { readNews } from '#functions/publish-events/read-news.ts';
import { stateToItem } from '#shared/adapters/dynamodb/schedule-item.ts';
import type { StreamChange } from '#shared/adapters/dynamodb/stream-event.ts';
import { aState } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const jobKeys = { scheduleId: 'daily-sales', fireTime: '2026-11-23T09:00:00Z' };
const running = {
  ...jobKeys,
  task: 'sales-report',
  revision: 1,
  deliverBy: FIRE_TIME + 3_600,
  state: 'running',
  attempt: 1,
};
const settled = {
  ...running,
  state: 'settled',
  outcome: 'success',
  finishedAt: '2026-11-23T09:00:02Z',
  expiresAt: FIRE_TIME + 4_560,
};
const stateKeys = { scheduleId: 'daily-sales', part: 'state' };
const paused = aState({ generation: 2, paused: { by: 'almanac', since: FIRE_TIME } });

function aChange(changes: Partial<StreamChange>): StreamChange {
  return {
    eventName: 'MODIFY',
    sequenceNumber: '111',
    at: FIRE_TIME + 3,
    keys: jobKeys,
    ...changes,
  };
}

describe('readNews', () => {
  it('reads the settling of a job, by its last write or its first', () => {
    const news = {
      kind: 'settled',
      sequenceNumber: '111',
      job: { id: 'daily-sales@20261123T090000Z', outcome: 'success' },
    };

    expect(readNews(aChange({ oldItem: running, newItem: settled }))).toMatchObject(news);
    expect(readNews(aChange({ eventName: 'INSERT', newItem: settled }))).toMatchObject(news);
  });

  it('reads the beginning of a pause', () => {
    const change = aChange({
      keys: stateKeys,
      oldItem: stateToItem(aState()),
      newItem: stateToItem(paused),
    });

    expect(readNews(change)).toMatchObject({
      kind: 'told',
      sequenceNumber: '111',
      event: { type: 'schedule.paused', subject: 'daily-sales' },
    });
  });

  it('reads that a budget is exceeded', () => {
    const keys = { scheduleId: '#budgets', part: 'stack' };
    const budget = { measure: 'storedBytes', limit: 100, onExceeded: 'warn' };
    const ledger = { ...keys, microdollars: 0, budget };
    const kept = { ...ledger, storedBytes: 100, version: 4 };
    const exceeded = { ...ledger, storedBytes: 101, version: 5 };

    expect(readNews(aChange({ keys, oldItem: kept, newItem: exceeded }))).toMatchObject({
      kind: 'told',
      sequenceNumber: '111',
      event: {
        type: 'budget.exceeded',
        id: 'budget/stack/exceeded-5',
        time: '2026-11-23T09:00:03Z',
      },
    });
    expect(readNews(aChange({ keys, oldItem: exceeded, newItem: exceeded }))).toBeUndefined();
    expect(readNews(aChange({ keys, oldItem: exceeded }))).toBeUndefined();
  });

  it.each([
    ['a job that begins', aChange({ newItem: running })],
    ['a change of a settled job', aChange({ oldItem: settled, newItem: settled })],
    ['a job that is removed', aChange({ eventName: 'REMOVE', oldItem: settled })],
    [
      'a paused schedule that EventBridge has followed',
      aChange({ keys: stateKeys, oldItem: stateToItem(paused), newItem: stateToItem(paused) }),
    ],
    [
      'a definition',
      aChange({ keys: { ...stateKeys, part: 'definition' }, newItem: { part: 'definition' } }),
    ],
    ['a schedule that is gone', aChange({ keys: stateKeys, oldItem: stateToItem(paused) })],
  ])('reads nothing in %s', (_, change) => {
    expect(readNews(change)).toBeUndefined();
  });

  it('has no news of a job that is put back from the archive', () => {
    const restored = { ...settled, restoredAt: '2026-12-23T09:00:00Z' };

    expect(readNews(aChange({ eventName: 'INSERT', newItem: restored }))).toBeUndefined();
    expect(readNews(aChange({ oldItem: settled, newItem: restored }))).toBeUndefined();
  });
});
