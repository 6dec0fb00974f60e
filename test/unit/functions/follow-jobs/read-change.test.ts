import { describe, expect, it } from 'vitest';
import { readChange } from '#functions/follow-jobs/read-change.ts';
import type { StreamChange } from '#shared/adapters/dynamodb/stream-event.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const facts = {
  scheduleId: 'daily-sales',
  fireTime: '2026-11-23T09:00:00Z',
  task: 'sales-report',
  revision: 1,
  deliverBy: FIRE_TIME + 3_600,
};
const running = { ...facts, state: 'running', attempt: 1, owner: 'owner-1' };
const settled = {
  ...facts,
  state: 'settled',
  attempt: 1,
  outcome: 'success',
  finishedAt: '2026-11-23T09:00:02Z',
  resultState: 'stored',
  result: '"ä"',
  resultExpiresAt: FIRE_TIME + 3_602,
  expiresAt: FIRE_TIME + 4_560,
};
const payload = {
  key: 'results/1d/daily-sales/20261123T090000Z/1-owner-1',
  bytes: 2_000_000,
  storedBytes: 300_000,
  sha256: '0',
  encoding: 'gzip',
  type: 'application/json',
  keptUntil: '2026-11-24T09:00:00Z',
};

function aChange(changes: Partial<StreamChange>): StreamChange {
  return {
    eventName: 'MODIFY',
    sequenceNumber: '111',
    at: FIRE_TIME + 86_400,
    keys: {},
    ...changes,
  };
}

const settle = (row: Readonly<Record<string, unknown>>) =>
  readChange(aChange({ oldItem: running, newItem: row }));

describe('readChange', () => {
  it('follows a job that settles', () => {
    expect(settle(settled)).toEqual({
      kind: 'settled',
      scheduleId: 'daily-sales',
      sequence: '111'.padStart(40, '0'),
      jobId: 'daily-sales@20261123T090000Z',
      outcome: 'success',
      finishedAt: '2026-11-23T09:00:02Z',
      day: '2026-11-23',
      writeUnits: 3,
      stored: { tier: 'inline', bytes: 4 },
    });
  });

  it('tells what the result of a job that settles was measured to be, and not that of one that goes', () => {
    const measured = { values: { latencyMs: 12.5 }, keptSeconds: 86_400 };
    const row = { ...settled, metrics: measured };

    expect(settle(row)?.measured).toEqual(measured);
    expect(readChange(aChange({ eventName: 'REMOVE', oldItem: row }))).not.toHaveProperty(
      'measured',
    );
  });

  it('follows a job that settles with its first write', () => {
    const missed = { ...settled, attempt: 0, outcome: 'missed' };

    const change = readChange(aChange({ eventName: 'INSERT', newItem: missed }));

    expect(change).toMatchObject({ kind: 'settled', outcome: 'missed', writeUnits: 3 });
  });

  it('follows the removal of a settled job, on the day it goes', () => {
    const { result: _, ...row } = settled;

    const change = readChange(aChange({ eventName: 'REMOVE', oldItem: { ...row, payload } }));

    expect(change).toMatchObject({
      kind: 'removed',
      day: '2026-11-24',
      writeUnits: 0,
      stored: { tier: 's3', bytes: 300_000 },
    });
  });

  it('counts compressed bytes as they are stored', () => {
    const { result: _, ...row } = settled;

    expect(settle({ ...row, resultZ: Uint8Array.of(1, 2, 3) })?.stored).toEqual({
      tier: 'inline',
      bytes: 3,
    });
  });

  it.each([
    ['a second entry for a failure', { ...settled, outcome: 'error' }, 4],
    ['a claim and a release for each further attempt', { ...settled, attempt: 3 }, 7],
    ['a unit for each kilobyte of the row', { ...settled, result: 'x'.repeat(3_000) }, 6],
  ])('counts %s', (_, row, units) => {
    expect(settle(row)?.writeUnits).toBe(units);
  });

  it.each<[string, Partial<StreamChange>]>([
    ['a claim', { eventName: 'INSERT', newItem: running }],
    ['a retry', { oldItem: running, newItem: { ...running, state: 'retrying' } }],
    ['a later change of a settled job', { oldItem: settled, newItem: settled }],
    ['the removal of a job that never settled', { eventName: 'REMOVE', oldItem: running }],
    ['a removal that does not say of what', { eventName: 'REMOVE' }],
  ])('does not follow %s', (_, changes) => {
    expect(readChange(aChange(changes))).toBeUndefined();
  });

  it('follows no row that is put back from the archive, neither as it comes nor as it goes', () => {
    const restored = { ...settled, restoredAt: '2026-12-23T09:00:00Z' };

    expect(readChange(aChange({ eventName: 'INSERT', newItem: restored }))).toBeUndefined();
    expect(readChange(aChange({ eventName: 'REMOVE', oldItem: restored }))).toBeUndefined();
    expect(readChange(aChange({ oldItem: restored, newItem: restored }))).toBeUndefined();
  });

  it('takes a row for gone that one from the archive replaces before TTL has taken it', () => {
    const restored = { ...settled, result: '"äöü"', restoredAt: '2026-12-23T09:00:00Z' };

    expect(readChange(aChange({ oldItem: settled, newItem: restored }))).toMatchObject({
      kind: 'removed',
      stored: { tier: 'inline', bytes: 4 },
      day: '2026-11-24',
    });
  });
});
