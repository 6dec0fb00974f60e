import { describe, expect, it } from 'vitest';
import { countRepairs } from '#functions/sweep/repair.ts';
import { type SweepSchedulesPorts, sweepSchedules } from '#functions/sweep/sweep-schedules.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { ScheduleState } from '#shared/domain/schedule/schedule.ts';
import type { QueuedMessage } from '#shared/ports/start-queue.ts';
import type { SweepCursor } from '#shared/ports/sweep-store.ts';
import { aSchedule } from '#test/support/a-schedule.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';
import { MemoryJobStore } from '#test/support/memory-job-store.ts';
import { MemoryScheduleStore } from '#test/support/memory-schedule-store.ts';

const NOW = FIRE_TIME + 301;
const STILL = { plan: { nextFireTime: FIRE_TIME, started: 0 } };

/** A state that needs no look at its jobs, as its next fire time is to come. */
const RESTING = { sweptTo: FIRE_TIME + 86_400 };

/** A table of so many schedules, one on each page, and what is said to those who see to them. */
function aTable(schedules: readonly Partial<ScheduleState>[]) {
  const store = new MemoryScheduleStore();
  for (const [at, state] of schedules.entries())
    store.put(aSchedule({ scheduleId: `s${at}` }, { ...RESTING, ...state }));
  const jobs = new MemoryJobStore();
  const sent: QueuedMessage[] = [];
  const cursors: (SweepCursor | undefined)[] = [];
  const reported: string[] = [];
  const sweptTo: Record<string, number> = {};
  const ports: SweepSchedulesPorts = {
    now: () => NOW,
    hasTime: () => true,
    isAdopted: () => false,
    schedules: store,
    jobs: { ...jobs, get: async () => undefined },
    rows: { between: async (_, { to }) => ({ rows: [], to }) },
    payloads: { getUnsettled: async () => undefined, deleteUnsettled: async () => undefined },
    queue: { send: async (message) => void sent.push(message) },
    report: (scheduleId) => void reported.push(scheduleId),
    store: {
      readCursor: async () => cursors.at(-1),
      writeCursor: async (cursor) => void cursors.push(cursor),
      page: async (after = '-1') => {
        const at = Number(after) + 1;
        const state = store.states.get(`s${at}`);
        const isLast = at >= schedules.length - 1;
        return { states: state ? [state] : [], ...(!isLast && { next: String(at) }) };
      },
      definitions: async (ids) => ids.flatMap((id) => store.definitions.get(id) ?? []),
      moveSweptTo: async ({ scheduleId }, to) => {
        sweptTo[scheduleId] = to;
        return true;
      },
    },
  };
  return { store, jobs, sent, cursors, reported, sweptTo, ports };
}

/** Sweeps, and counts what was done. */
async function swept(ports: SweepSchedulesPorts) {
  const { repairs, ...rest } = await sweepSchedules(ports);
  return { ...rest, repairs: countRepairs(repairs) };
}

describe('sweepSchedules', () => {
  it('tells of passed fire times at once, and leaves alone what moves', async () => {
    const { ports, sent } = aTable([STILL, {}, STILL]);

    expect(await swept(ports)).toMatchObject({
      seen: 3,
      looked: 0,
      repairs: { advanced: 2, woken: 0 },
      roundSeconds: 0,
    });

    const fireTime = toIso(FIRE_TIME);
    expect(sent).toEqual([
      { kind: 'advance', scheduleId: 's0', fireTime, notBefore: NOW },
      { kind: 'advance', scheduleId: 's2', fireTime, notBefore: NOW },
    ]);
  });

  it('wakes a schedule whose retry was lost', async () => {
    const error = { code: 'X', message: 'No.', attempts: 2, retryAt: FIRE_TIME };
    const { ports, store } = aTable([
      { sync: { state: 'failed', generation: 1, at: FIRE_TIME, error } },
    ]);

    expect(await swept(ports)).toMatchObject({ repairs: { woken: 1 } });

    expect(store.states.get('s0')?.sync).toEqual({
      state: 'pending',
      generation: 1,
      at: NOW,
      error,
    });
  });

  it('stops after 200 pages, and the next sweep goes on from there to the end', async () => {
    const { ports, cursors } = aTable(Array.from({ length: 250 }, () => ({})));

    const first = await swept(ports);
    const second = await swept({ ...ports, now: () => NOW + 300 });

    const cursor = { after: '199', roundAt: NOW };
    expect(cursors).toEqual([cursor, undefined]);
    expect(first).toMatchObject({ seen: 200 });
    expect(first).not.toHaveProperty('roundSeconds');
    expect(second).toMatchObject({ seen: 50, roundSeconds: 300 });
  });

  it('stops where its time is up, once it has seen to what it has read', async () => {
    const { ports, cursors, sent } = aTable([STILL, STILL]);

    expect(await swept({ ...ports, hasTime: () => false })).toMatchObject({ seen: 1 });

    expect(sent).toHaveLength(1);
    expect(cursors).toEqual([{ after: '0', roundAt: NOW }]);
  });

  it('writes no place where it starts and ends at the beginning', async () => {
    const { ports, cursors } = aTable([{}]);

    await swept(ports);

    expect(cursors).toEqual([]);
  });

  it('starts what has no job, and looks again until there is one', async () => {
    const { ports, sent, sweptTo } = aTable([{ sweptTo: FIRE_TIME }]);

    expect(await swept(ports)).toMatchObject({ looked: 1, repairs: { started: 1 } });

    expect(sent).toEqual([
      { kind: 'start', notBefore: NOW, start: aStart({ scheduleId: 's0', input: {} }) },
    ]);
    expect(sweptTo).toEqual({});
  });

  it('does not look at a schedule before its next fire time', async () => {
    const { ports, sweptTo } = aTable([{ sweptTo: FIRE_TIME - 86_400 }]);
    const settled = { scheduleId: 's0', fireTime: toIso(FIRE_TIME) };
    const rows = {
      between: async (_: string, { to }: { to: number }) => ({ rows: [{ key: settled }], to }),
    };

    await swept({ ...ports, rows });

    expect(sweptTo).toEqual({ s0: FIRE_TIME + 86_400 });
  });

  it('leaves a schedule to the next round of which it has read two versions', async () => {
    const { ports, sent, sweptTo } = aTable([{ sweptTo: FIRE_TIME, revision: 2 }]);

    expect(await swept(ports)).toMatchObject({ looked: 1, repairs: { started: 0, failed: 0 } });

    expect([sent, sweptTo]).toEqual([[], {}]);
  });

  it('goes on to the others where one cannot be looked at', async () => {
    const { ports, reported, sent } = aTable([{ sweptTo: FIRE_TIME }, STILL]);
    const rows = { between: () => Promise.reject(new Error('No.')) };

    expect(await swept({ ...ports, rows })).toMatchObject({ repairs: { failed: 1, advanced: 1 } });

    expect(reported).toEqual(['s0']);
    expect(sent).toHaveLength(1);
  });
});
