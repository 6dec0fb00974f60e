import { describe, expect, it } from 'vitest';
import type { AuditedJob } from '#shared/domain/audit/audited-job.ts';
import {
  decideObject,
  decideUnsettled,
  type ObjectCase,
  UNDER_WAY_SECONDS,
} from '#shared/domain/audit/decide-object.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const KEY = 'results/7d/daily-sales/20261123T090000Z/1-owner-1';

const pointing: AuditedJob = { state: 'settled', payloadKey: KEY };
const elsewhere: AuditedJob = { state: 'settled', payloadKey: `${KEY}0` };
const nowhere: AuditedJob = { state: 'settled' };
const running: AuditedJob = { state: 'running' };
const retrying: AuditedJob = { state: 'retrying' };
const queued: AuditedJob = { state: 'queued' };

/** An object that was written ten seconds after its job's fire time, so many seconds after the longest that anything can be under way. */
function aCase(row: AuditedJob | undefined, sinceOver: number): ObjectCase {
  return {
    object: { key: KEY, bytes: 1, modifiedAt: FIRE_TIME + 10 },
    job: { scheduleId: 'daily-sales', fireTime: '2026-11-23T09:00:00Z' },
    row,
    now: FIRE_TIME + 10 + UNDER_WAY_SECONDS + sinceOver,
  };
}

describe('decideObject', () => {
  it('waits for a day of catching up, for the hour that Lambda may keep a start, and for the longest run', () => {
    expect(UNDER_WAY_SECONDS).toBe(86_400 + 3_600 + 960);
  });

  it.each([
    { where: 'its row points to it', row: pointing, young: 'referenced', old: 'referenced' },
    { where: 'its row points to another', row: elsewhere, young: 'pending', old: 'orphan' },
    { where: 'its row has no large result', row: nowhere, young: 'pending', old: 'orphan' },
    { where: 'it has no row', row: undefined, young: 'pending', old: 'orphan' },
    { where: 'its job runs', row: running, young: 'pending', old: 'pending' },
    { where: 'its job waits to be tried again', row: retrying, young: 'pending', old: 'pending' },
    { where: 'its job waits for its turn', row: queued, young: 'pending', old: 'pending' },
  ])('says $young, and $old once all is over, where $where', ({ row, young, old }) => {
    expect(decideObject(aCase(row, 0))).toBe(young);
    expect(decideObject(aCase(row, 1))).toBe(old);
  });

  it('counts from the fire time where that is later, as of a job that was skipped beforehand', () => {
    const { object, ...rest } = aCase(undefined, 0);
    const written = { ...object, modifiedAt: FIRE_TIME - 30 * 86_400 };

    const now = FIRE_TIME + UNDER_WAY_SECONDS;

    expect(decideObject({ ...rest, object: written, now })).toBe('pending');
    expect(decideObject({ ...rest, object: written, now: now + 1 })).toBe('orphan');
  });
});

describe('decideUnsettled', () => {
  it.each([
    { where: 'its row has settled', row: nowhere, old: 'leftover' },
    { where: 'it has no row', row: undefined, old: 'leftover' },
    { where: 'its job still runs', row: running, old: 'overdue' },
    { where: 'its job waits to be tried again', row: retrying, old: 'overdue' },
  ])('says waiting, and $old once all is over, where $where', ({ row, old }) => {
    expect(decideUnsettled(aCase(row, 0))).toBe('waiting');
    expect(decideUnsettled(aCase(row, 1))).toBe(old);
  });
});
