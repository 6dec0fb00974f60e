import { DeleteScheduleCommand } from '@aws-sdk/client-scheduler';
import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import type { Point } from './points-of.ts';
import type { Scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

/** One playing of a scenario, with a schedule of its own. */
export interface Act {
  readonly scenario: Scenario;
  /** The schedule's id, which no other act's id contains. */
  readonly id: string;
  readonly firstAt: EpochSeconds;
  /** What goes wrong in it, beside what the scenario gives. */
  readonly points: readonly Point[];
}

/** What has gone wrong in an act. */
export interface Disturbed {
  /** Whether anything has; in an act without points, whether all has that the scenario gives. */
  readonly isDisturbed: boolean;
  /** The points whose call was made. */
  readonly met: readonly Point[];
}

/**
 * Past the last instant at which a start may begin a job, the longest lease of one that began then, and the letters and sweeps on the
 * way: whatever is to mend itself has.
 */
const LONG_AFTER_SECONDS = 90 * 60;

/** A job that is run by hand afterwards, and its second attempt, have this long. */
const AFTERWARDS_SECONDS = 900;

/** Names the schedules of an act: its own, and the one that comes after it. */
export function schedulesOf({ scenario, id }: Act): readonly string[] {
  return scenario.dependent ? [id, `${id}-after`] : [id];
}

/**
 * Plays acts beside each other, until long after the last of them.
 *
 * @returns For each act, tells what of that which was to go wrong did.
 */
export async function performActs(
  acts: readonly Act[],
  stage: Stage,
): Promise<(act: Act) => Disturbed> {
  const { cloud } = stage.play;
  const disturbances = new Map<Act, () => Disturbed>();
  for (const act of acts) {
    if (act.scenario.disturbedForSeconds === undefined) disturbances.set(act, disturb(act, stage));
    await define(act, stage);
  }
  for (const act of acts.toSorted((one, other) => one.firstAt - other.firstAt)) {
    if (act.scenario.isForgotten) {
      // Just before it fires: the sweep would find sooner that the copy is gone, and have it made again.
      await cloud.clock.advanceTo(act.firstAt - 1);
      await forget(act, stage);
    }
    await cloud.clock.advanceTo(act.firstAt);
    if (!disturbances.has(act)) disturbances.set(act, disturb(act, stage));
    await askFor(act, stage);
  }
  const lastFiring = Math.max(...acts.map(({ scenario }) => scenario.firings.at(-1) ?? 0));
  await cloud.clock.advanceBy(lastFiring + LONG_AFTER_SECONDS);
  return (act) => disturbances.get(act)?.() ?? { isDisturbed: false, met: [] };
}

/**
 * Runs the schedules of those acts once more by hand whose scenario says so.
 *
 * @returns When; `undefined` where none was run.
 */
export async function runAfterwards(
  acts: readonly Act[],
  stage: Stage,
): Promise<EpochSeconds | undefined> {
  const again = acts.filter(({ scenario }) => scenario.isRunAfterwards);
  if (again.length === 0) return undefined;
  const { clock } = stage.play.cloud;
  const ranAt = clock.now();
  for (const { id } of again) await runByHand(id, stage);
  await clock.advanceBy(AFTERWARDS_SECONDS);
  return ranAt;
}

async function define(act: Act, { play }: Stage): Promise<void> {
  const { scenario } = act;
  const common = { task: 'probe', resultExpirationTime: '1d' };
  const [id, idAfter] = schedulesOf(act);
  await play.define({ id, ...common, ...scenario.schedule(toIso(act.firstAt)) });
  if (idAfter !== undefined)
    await play.define({
      id: idAfter,
      ...common,
      ...scenario.dependent,
      trigger: { kind: 'after', schedule: id, outcome: 'any' },
    });
}

async function forget({ id }: Act, { play }: Stage): Promise<void> {
  await play.scheduler.send(new DeleteScheduleCommand({ GroupName: 'Almanac-dev', Name: id }));
}

/** Does by hand what the scenario has someone do at an act's first instant. */
async function askFor(act: Act, stage: Stage): Promise<void> {
  if (act.scenario.isRunByHand) await runByHand(act.id, stage);
  if (act.scenario.isBackfilled) await backfill(act, stage);
  const { backdatedToDays } = act.scenario;
  if (backdatedToDays !== undefined) await backdate(act, backdatedToDays, stage);
}

async function backdate({ id }: Act, days: number, { play }: Stage): Promise<void> {
  const path = `/v1/schedules/${id}?applyToExisting=true`;
  const body = { resultExpirationTime: `${days}d` };
  const { status, text } = await play.api.request('PATCH', path, { body });
  if (status !== 200) throw new Error(`Expected ${id} to be backdated, got ${status}: ${text}`);
  await play.cloud.settle();
}

async function backfill({ id, firstAt, scenario }: Act, { play }: Stage): Promise<void> {
  const { firings } = scenario;
  const body = { from: toIso(firstAt + Math.min(...firings)), to: toIso(firstAt) };
  const path = `/v1/schedules/${id}/backfill`;
  const { status, text } = await play.api.request('POST', path, { body });
  if (status !== 202) throw new Error(`Expected ${id} to be backfilled, got ${status}: ${text}`);
  await play.cloud.settle();
}

async function runByHand(id: string, { play }: Stage): Promise<void> {
  const { status, text } = await play.api.request('POST', `/v1/schedules/${id}/run`, { body: {} });
  if (status !== 202) throw new Error(`Expected ${id} to run, got ${status}: ${text}`);
  await play.cloud.settle();
}

/** @returns Tells what has gone wrong; what the scenario gives may not come to it then. */
function disturb({ id, scenario, points }: Act, stage: Stage): () => Disturbed {
  const { faults } = stage.play.cloud;
  const given = (scenario.given ?? []).map(({ actor, ...fault }) =>
    faults.add({ ...fault, caller: stage.functionOf(actor), about: id }),
  );
  const placed = points.map((point) => ({
    point,
    fault: faults.add({ ...point.call, ...point.disturbance.fault, about: id }),
  }));
  return () => {
    const met = placed.filter(({ fault }) => fault.isMet).map(({ point }) => point);
    return {
      isDisturbed: points.length > 0 ? met.length > 0 : given.every(({ isMet }) => isMet),
      met,
    };
  };
}
