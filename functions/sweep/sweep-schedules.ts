import { decideSweep, type SweepAction } from '#shared/domain/schedule/decide-sweep.ts';
import type { ScheduleDefinition, ScheduleState } from '#shared/domain/schedule/schedule.ts';
import type { ScheduleStore } from '#shared/ports/schedule-store.ts';
import type { SweepStore } from '#shared/ports/sweep-store.ts';
import { eachOf } from './each-of.ts';
import type { Repair } from './repair.ts';
import { type SweepJobsPorts, type SweptSchedule, sweepJobs } from './sweep-jobs.ts';

/** What sweeping schedules needs. */
export interface SweepSchedulesPorts extends SweepJobsPorts {
  readonly store: Pick<
    SweepStore,
    'readCursor' | 'writeCursor' | 'page' | 'definitions' | 'moveSweptTo'
  >;
  readonly schedules: Pick<ScheduleStore, 'wake'>;
  /** Whether there is time for another page. */
  readonly hasTime: () => boolean;
  /** Tells of a schedule that could not be looked at. */
  readonly report: (scheduleId: string, error: unknown) => void;
}

/** What a sweep of schedules came to. */
export interface SweptSchedules {
  /** Schedules and tombstones. */
  readonly seen: number;
  /** Those of them whose jobs were looked at. */
  readonly looked: number;
  readonly repairs: readonly (Repair | undefined)[];
  /** How long the round has taken that came to its end; the next sweep then begins another. */
  readonly roundSeconds?: number;
}

/** So many pages of 500 are read in one sweep at the most; the next one goes on from there. */
const MOST_PAGES = 200;

/** So many schedules are seen to at once. */
const SCHEDULES_AT_ONCE = 25;

/**
 * Looks through the schedules for what stands still, and sets it going by the same messages and writes as anything else does.
 *
 * Where it stopped is written last: a sweep that dies is repeated by the next one, which finds moving what this one has set going. A
 * schedule that cannot be looked at holds up no other; the next round comes to it again.
 *
 * @throws {AlmanacError} `store.unavailable` where a page cannot be read.
 */
export async function sweepSchedules(ports: SweepSchedulesPorts): Promise<SweptSchedules> {
  const { store } = ports;
  const pages: SweptPage[] = [];
  const begun = await store.readCursor();
  const roundAt = begun?.roundAt ?? ports.now();
  let after = begun?.after;
  do {
    const { states, next } = await store.page(after);
    pages.push(await sweepPage(states, ports));
    after = next;
  } while (after !== undefined && pages.length < MOST_PAGES && ports.hasTime());
  if (after !== begun?.after)
    await store.writeCursor(after === undefined ? undefined : { after, roundAt });
  return {
    seen: sum(pages.map(({ seen }) => seen)),
    looked: sum(pages.map(({ looked }) => looked)),
    repairs: pages.flatMap(({ repairs }) => repairs),
    ...(after === undefined && { roundSeconds: ports.now() - roundAt }),
  };
}

interface SweptPage {
  readonly seen: number;
  readonly looked: number;
  readonly repairs: readonly (Repair | undefined)[];
}

async function sweepPage(
  states: readonly ScheduleState[],
  ports: SweepSchedulesPorts,
): Promise<SweptPage> {
  const due = states
    .map((state) => ({ state, actions: decideSweep(state, ports.now()) }))
    .filter(({ actions }) => actions.length > 0);
  const looked = due.filter(({ actions }) => actions.some(({ kind }) => kind === 'look'));
  const definitions = await definitionsOf(looked, ports.store);
  const repairs = await eachOf(due, SCHEDULES_AT_ONCE, async ({ state, actions }) => {
    const { scheduleId } = state;
    const definition = definitions.get(scheduleId);
    try {
      return await seeTo({ state, ...(definition && { definition }) }, actions, ports);
    } catch (error) {
      ports.report(scheduleId, error);
      return ['failed' as const];
    }
  });
  return { seen: states.length, looked: looked.length, repairs: repairs.flat() };
}

async function definitionsOf(
  looked: readonly { readonly state: ScheduleState }[],
  store: Pick<SweepStore, 'definitions'>,
): Promise<ReadonlyMap<string, ScheduleDefinition>> {
  const present = looked.filter(({ state }) => state.deletedAt === undefined);
  const definitions = await store.definitions(present.map(({ state }) => state.scheduleId));
  return new Map(definitions.map((definition) => [definition.scheduleId, definition]));
}

async function seeTo(
  schedule: SweptSchedule,
  actions: readonly SweepAction[],
  ports: SweepSchedulesPorts,
): Promise<readonly (Repair | undefined)[]> {
  const repairs: (Repair | undefined)[] = [];
  for (const action of actions)
    if (action.kind !== 'look') repairs.push(await setGoing(action, schedule.state, ports));
    else if (isInStep(schedule)) repairs.push(...(await sweepJobs(schedule, ports)));
  return repairs;
}

/** Both parts are read a little apart; where one was written meanwhile, the next round sees to it. */
function isInStep({ definition, state }: SweptSchedule): boolean {
  return state.deletedAt !== undefined || definition?.revision === state.revision;
}

async function setGoing(
  action: Exclude<SweepAction, { readonly kind: 'look' }>,
  { scheduleId }: ScheduleState,
  { queue, schedules, now }: SweepSchedulesPorts,
): Promise<Repair | undefined> {
  if (action.kind === 'advance') {
    await queue.send({ ...action.advance, notBefore: now() });
    return 'advanced';
  }
  return (await schedules.wake(scheduleId, action.generation, now())) ? 'woken' : undefined;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
