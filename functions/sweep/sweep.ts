import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { decideSweep, type SweepAction } from '#shared/domain/schedule/decide-sweep.ts';
import type { ScheduleState } from '#shared/domain/schedule/schedule.ts';
import type { ScheduleStore } from '#shared/ports/schedule-store.ts';
import type { StartQueue } from '#shared/ports/start-queue.ts';
import type { SweepStore } from '#shared/ports/sweep-store.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';

/** What sweeping needs. */
export interface SweepPorts {
  readonly now: WallClock;
  readonly store: SweepStore;
  readonly schedules: Pick<ScheduleStore, 'wake'>;
  readonly queue: StartQueue;
}

/** What a sweep came to. */
export interface Swept {
  readonly seen: number;
  readonly advanced: number;
  readonly woken: number;
  /** Whether it came to the end of the table; the next sweep then begins at its beginning. */
  readonly isWhole: boolean;
}

/** So many pages are read in one sweep; the next one goes on from there. */
const MOST_PAGES = 100;

/**
 * Looks through the schedules for what stands still, and sets it going by the same messages and writes as anything else does.
 *
 * Where it stopped is written last: a sweep that dies is repeated by the next one, which finds moving what this one has set going.
 *
 * @throws {AlmanacError} `store.unavailable`
 */
export async function sweep(ports: SweepPorts): Promise<Swept> {
  const { store, now } = ports;
  const counts = { seen: 0, advance: 0, wake: 0 };
  const first = await store.readCursor();
  let after = first;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { states, next } = await store.page(after);
    for (const state of states)
      for (const action of decideSweep(state, now())) {
        await act(action, { state, at: now() }, ports);
        counts[action.kind] += 1;
      }
    counts.seen += states.length;
    after = next;
    if (next === undefined) break;
  }
  if (after !== first) await store.writeCursor(after);
  const { seen, advance: advanced, wake: woken } = counts;
  return { seen, advanced, woken, isWhole: after === undefined };
}

async function act(
  action: SweepAction,
  { state, at }: { readonly state: ScheduleState; readonly at: EpochSeconds },
  { queue, schedules }: SweepPorts,
): Promise<void> {
  if (action.kind === 'advance') await queue.send({ ...action.advance, notBefore: at });
  else await schedules.wake(state.scheduleId, action.generation, at);
}
