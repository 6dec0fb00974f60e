import { beforeEach, describe, expect, it } from 'vitest';
import type { FollowedChange } from '#functions/follow-jobs/follow-jobs.ts';
import { startDependents } from '#functions/follow-jobs/start-dependents.ts';
import { type JobKey, jobId } from '#shared/domain/job/job-key.ts';
import { comparableSequence } from '#shared/domain/usage/usage.ts';
import type { QueuedMessage } from '#shared/ports/start-queue.ts';
import { aSchedule } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { MemoryJobStore } from '#test/support/memory-job-store.ts';
import { MemoryScheduleStore } from '#test/support/memory-schedule-store.ts';

const NOW = FIRE_TIME + 60;

let schedules: MemoryScheduleStore;
let jobs: MemoryJobStore;
let sent: QueuedMessage[];
let listed: string[];
let now: number;

beforeEach(() => {
  schedules = new MemoryScheduleStore();
  jobs = new MemoryJobStore();
  sent = [];
  listed = [];
  now = NOW;
});

const ports = () => ({
  now: () => now,
  dependents: {
    list: async (id: string) => {
      listed.push(id);
      return [...schedules.edges.values()].filter(({ upstreamId }) => upstreamId === id);
    },
  },
  schedules,
  jobs,
  queue: { send: async (message: QueuedMessage) => void sent.push(message) },
});
const follow = (...changes: readonly FollowedChange[]) => startDependents(changes, ports());

/** Writes a dependent of `daily-sales`. */
async function depend(scheduleId: string, fields: Record<string, unknown> = {}, state = {}) {
  const trigger = { kind: 'after', schedule: 'daily-sales', ...fields };
  const schedule = aSchedule({ scheduleId, trigger }, state);
  await schedules.write(schedule, { generation: undefined });
  return schedule;
}

function settled(changes: Partial<FollowedChange> = {}, key: Partial<JobKey> = {}): FollowedChange {
  const whole = { scheduleId: 'daily-sales', fireTime: '2026-11-23T09:00:00Z', ...key };
  return {
    kind: 'settled',
    scheduleId: whole.scheduleId,
    sequence: comparableSequence('1'),
    jobId: jobId(whole),
    outcome: 'success',
    finishedAt: '2026-11-23T09:00:50Z',
    day: '2026-11-23',
    writeUnits: 3,
    ...changes,
  };
}

const startedJobs = () =>
  sent.map(
    (message) =>
      message.kind === 'start' && `${message.start.scheduleId} ${message.start.fireTime}`,
  );

describe('startDependents', () => {
  it('starts each dependent whose outcome it is, at once', async () => {
    await depend('invoices');
    await depend('apology', { outcome: 'error' });
    await depend('always', { outcome: 'any' });

    await follow(settled());

    expect(startedJobs()).toEqual(['invoices 2026-11-23T09:00:00Z', 'always 2026-11-23T09:00:00Z']);
    expect(sent[0]).toMatchObject({
      notBefore: NOW,
      start: { deliverBy: '2026-11-23T10:00:50Z' },
    });
  });

  it('looks for dependents once for each schedule, and reads each dependent once', async () => {
    await depend('invoices');
    const second = { fireTime: '2026-11-23T09:01:00Z' };

    await follow(settled(), settled({}, second), settled({}, { scheduleId: 'other' }));

    expect(listed).toEqual(['daily-sales', 'other']);
    expect(schedules.reads).toBe(1);
    expect(startedJobs()).toEqual([
      'invoices 2026-11-23T09:00:00Z',
      'invoices 2026-11-23T09:01:00Z',
    ]);
  });

  it('reads no dependent that another outcome starts', async () => {
    await depend('apology', { outcome: 'error' });

    await follow(settled());

    expect(schedules.reads).toBe(0);
  });

  it('asks nothing after removals, and after jobs without a schedule', async () => {
    await follow(settled({ kind: 'removed' }), settled({}, { scheduleId: 'task:sales-report' }));

    expect(listed).toEqual([]);
  });

  it('settles the job of a paused dependent as skipped, once however often it is told', async () => {
    await depend('invoices', {}, { paused: { by: 'ada', since: FIRE_TIME } });

    await follow(settled());
    await follow(settled());

    expect(sent).toEqual([]);
    expect(jobs.writes).toEqual(['create settled']);
    expect(
      jobs.row({ scheduleId: 'invoices', fireTime: '2026-11-23T09:00:00Z' })?.settlement,
    ).toMatchObject({
      outcome: 'skipped',
      error: { name: 'SchedulePaused' },
    });
  });

  it('names the same job when a batch comes again', async () => {
    await depend('invoices');

    await follow(settled());
    await follow(settled());

    expect(new Set(startedJobs()).size).toBe(1);
    expect(sent[1]).toEqual(sent[0]);
  });

  it('does nothing where a batch comes so late that the job’s row may have come and gone', async () => {
    await depend('invoices');
    await depend('paused', {}, { paused: { by: 'ada', since: FIRE_TIME } });
    now = NOW + 3_600 + 900;

    await follow(settled());

    expect(sent).toEqual([]);
    expect(jobs.writes).toEqual([]);
  });

  it('does nothing for a dependent that is gone, though its edge was still listed', async () => {
    await depend('invoices');
    schedules.definitions.delete('invoices');

    await follow(settled());

    expect(sent).toEqual([]);
  });

  it('sees to more dependents than it does at once', async () => {
    const ids = Array.from({ length: 60 }, (_, at) => `dependent-${at}`);
    for (const id of ids) await depend(id);

    await follow(settled());

    expect(startedJobs()).toHaveLength(60);
  });
});
