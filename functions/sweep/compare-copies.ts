import { decideCopy } from '#shared/domain/schedule/decide-copy.ts';
import type { StoredSchedule } from '#shared/domain/schedule/schedule.ts';
import type { EventBridgeCopies } from '#shared/ports/event-bridge-copies.ts';
import type { ScheduleStore } from '#shared/ports/schedule-store.ts';
import type { SweepStore } from '#shared/ports/sweep-store.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';
import { eachOf } from './each-of.ts';
import type { Repair } from './repair.ts';

/** What comparing needs. */
export interface CompareCopiesPorts {
  readonly now: WallClock;
  readonly copies: EventBridgeCopies;
  readonly store: Pick<SweepStore, 'readComparedTo' | 'writeComparedTo' | 'setPending'>;
  readonly schedules: Pick<ScheduleStore, 'list'>;
  /** Whether there is time for another page. */
  readonly hasTime: () => boolean;
  /** Tells of a schedule that could not be looked at. */
  readonly report: (scheduleId: string, error: unknown) => void;
  /** Tells of a copy that was not as it should be, and in what. */
  readonly tellOfDrift: (scheduleId: string, fields: readonly string[]) => void;
}

/** What comparing came to. */
export interface ComparedCopies {
  readonly compared: number;
  readonly repairs: readonly (Repair | undefined)[];
}

/** So many schedules are read at once, and so often in one sweep: a thousand in all. */
const PAGE_SIZE = 100;
const MOST_PAGES = 10;

/** EventBridge takes 250 reads a second at the least, in any region. See https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html */
const COMPARED_AT_ONCE = 10;

/**
 * Compares EventBridge's copies of a thousand schedules with what they should be, and has those projected again that are not.
 *
 * It goes on where it stopped. The schedule is set pending on condition that it is as it was read, so a change that is under way is
 * never taken for a drift for long: at worst it is projected once more.
 *
 * @throws {AlmanacError} `store.unavailable` where a page cannot be read.
 */
export async function compareCopies(ports: CompareCopiesPorts): Promise<ComparedCopies> {
  const pages: ComparedCopies[] = [];
  const first = await ports.store.readComparedTo();
  let after = first;
  do {
    const { schedules, next } = await ports.schedules.list({
      limit: PAGE_SIZE,
      ...(after !== undefined && { after }),
    });
    const repairs = await eachOf(schedules, COMPARED_AT_ONCE, (one) => compareCopy(one, ports));
    pages.push({ compared: schedules.length, repairs });
    after = next;
  } while (after !== undefined && pages.length < MOST_PAGES && ports.hasTime());
  if (after !== first) await ports.store.writeComparedTo(after);
  return {
    compared: pages.reduce((sum, { compared }) => sum + compared, 0),
    repairs: pages.flatMap(({ repairs }) => repairs),
  };
}

async function compareCopy(
  schedule: StoredSchedule,
  ports: CompareCopiesPorts,
): Promise<Repair | undefined> {
  const { state } = schedule;
  const { scheduleId } = state;
  try {
    const expected = decideCopy(schedule, ports.now());
    if (expected.kind === 'unknown') return undefined;
    const copy = expected.kind === 'schedule' ? expected.schedule : undefined;
    const fields = await ports.copies.differences(scheduleId, copy, ports.now());
    if (fields.length === 0 || !(await ports.store.setPending(state, ports.now())))
      return undefined;
    ports.tellOfDrift(scheduleId, fields);
    return 'drifted';
  } catch (error) {
    ports.report(scheduleId, error);
    return 'failed';
  }
}
