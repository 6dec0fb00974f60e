import { describe, expect, it } from 'vitest';
import { type SweepPorts, sweep } from '#functions/sweep/sweep.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { ScheduleState } from '#shared/domain/schedule/schedule.ts';
import type { QueuedMessage } from '#shared/ports/start-queue.ts';
import { aSchedule } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { MemoryScheduleStore } from '#test/support/memory-schedule-store.ts';

const NOW = FIRE_TIME + 301;
const STILL = { plan: { nextFireTime: FIRE_TIME, started: 0 } };

/** A table of so many schedules, one on each page. */
function aTable(schedules: readonly Partial<ScheduleState>[]) {
  const store = new MemoryScheduleStore();
  for (const [at, state] of schedules.entries())
    store.put(aSchedule({ scheduleId: `s${at}` }, state));
  const sent: QueuedMessage[] = [];
  const cursors: (string | undefined)[] = [];
  const ports: SweepPorts = {
    now: () => NOW,
    schedules: store,
    queue: { send: async (message) => void sent.push(message) },
    store: {
      readCursor: async () => cursors.at(-1),
      writeCursor: async (cursor) => void cursors.push(cursor),
      page: async (after = '-1') => {
        const at = Number(after) + 1;
        const state = store.states.get(`s${at}`);
        const isLast = at >= schedules.length - 1;
        return { states: state ? [state] : [], ...(!isLast && { next: String(at) }) };
      },
    },
  };
  return { store, sent, cursors, ports };
}

describe('sweep', () => {
  it('tells of passed fire times at once, and leaves alone what moves', async () => {
    const { ports, sent } = aTable([STILL, {}, STILL]);

    expect(await sweep(ports)).toEqual({ seen: 3, advanced: 2, woken: 0, isWhole: true });

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

    expect(await sweep(ports)).toMatchObject({ woken: 1 });

    expect(store.states.get('s0')?.sync).toEqual({
      state: 'pending',
      generation: 1,
      at: NOW,
      error,
    });
  });

  it('stops after a hundred pages, and the next sweep goes on from there to the end', async () => {
    const { ports, cursors } = aTable(Array.from({ length: 150 }, () => ({})));

    expect(await sweep(ports)).toMatchObject({ seen: 100, isWhole: false });
    expect(cursors).toEqual(['99']);
    expect(await sweep(ports)).toMatchObject({ seen: 50, isWhole: true });
    expect(cursors).toEqual(['99', undefined]);
  });

  it('writes no place where it starts and ends at the beginning', async () => {
    const { ports, cursors } = aTable([{}]);

    await sweep(ports);

    expect(cursors).toEqual([]);
  });
});
