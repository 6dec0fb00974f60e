import { DeleteScheduleCommand } from '@aws-sdk/client-scheduler';
import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import type { Point } from './points-of.ts';
import type { Scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

/** One playing of a scenario, with a schedule of its own. */
export interface Act {
  /** The schedule's id, which no other act's id contains. */
  readonly id: string;
  readonly firstAt: EpochSeconds;
  /** What goes wrong in it; nothing but what the scenario gives when absent. */
  readonly point?: Point;
}

/**
 * Past the last instant at which a start may begin a job, the longest lease of one that began then, and the letters and sweeps on the
 * way: whatever is to mend itself has.
 */
const LONG_AFTER_SECONDS = 90 * 60;

/** A job that is run by hand afterwards, and its second attempt, have this long. */
const AFTERWARDS_SECONDS = 900;

/** Names the schedules of an act: its own, and the one that comes after it. */
export function schedulesOf({ dependent }: Scenario, { id }: Act): readonly string[] {
  return dependent ? [id, `${id}-after`] : [id];
}

/**
 * Plays acts beside each other, until long after the last of them.
 *
 * @returns For each act, tells whether what was to go wrong did.
 */
export async function performActs(
  scenario: Scenario,
  acts: readonly Act[],
  stage: Stage,
): Promise<(act: Act) => boolean> {
  const { cloud } = stage.play;
  const disturbances = new Map<Act, () => boolean>();
  for (const act of acts) {
    if (scenario.disturbedForSeconds === undefined)
      disturbances.set(act, disturb(scenario, act, stage));
    await define(scenario, act, stage);
  }
  for (const act of acts.toSorted((one, other) => one.firstAt - other.firstAt)) {
    if (scenario.isForgotten) {
      // Just before it fires: the sweep would find sooner that the copy is gone, and have it made again.
      await cloud.clock.advanceTo(act.firstAt - 1);
      await forget(act, stage);
    }
    await cloud.clock.advanceTo(act.firstAt);
    if (!disturbances.has(act)) disturbances.set(act, disturb(scenario, act, stage));
    await askFor(scenario, act, stage);
  }
  await cloud.clock.advanceBy((scenario.firings.at(-1) ?? 0) + LONG_AFTER_SECONDS);
  return (act) => disturbances.get(act)?.() ?? false;
}

/**
 * Runs the schedules of acts once more by hand, where the scenario says so.
 *
 * @returns When; `undefined` where they were not run.
 */
export async function runAfterwards(
  scenario: Scenario,
  acts: readonly Act[],
  stage: Stage,
): Promise<EpochSeconds | undefined> {
  if (!scenario.isRunAfterwards) return undefined;
  const { clock } = stage.play.cloud;
  const ranAt = clock.now();
  for (const { id } of acts) await runByHand(id, stage);
  await clock.advanceBy(AFTERWARDS_SECONDS);
  return ranAt;
}

async function define(scenario: Scenario, act: Act, { play }: Stage): Promise<void> {
  const common = { task: 'probe', resultExpirationTime: '1d' };
  const [id, idAfter] = schedulesOf(scenario, act);
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
async function askFor(scenario: Scenario, act: Act, stage: Stage): Promise<void> {
  if (scenario.isRunByHand) await runByHand(act.id, stage);
  if (scenario.isBackfilled) await backfill(act, scenario, stage);
  if (scenario.backdatedToDays !== undefined) await backdate(act, scenario.backdatedToDays, stage);
}

async function backdate({ id }: Act, days: number, { play }: Stage): Promise<void> {
  const path = `/v1/schedules/${id}?applyToExisting=true`;
  const body = { resultExpirationTime: `${days}d` };
  const { status, text } = await play.api.request('PATCH', path, { body });
  if (status !== 200) throw new Error(`Expected ${id} to be backdated, got ${status}: ${text}`);
  await play.cloud.settle();
}

async function backfill(
  { id, firstAt }: Act,
  { firings }: Scenario,
  { play }: Stage,
): Promise<void> {
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

/** @returns Tells whether what goes wrong has; what the scenario gives may not come to it then. */
function disturb(scenario: Scenario, { id, point }: Act, stage: Stage): () => boolean {
  const { faults } = stage.play.cloud;
  const given = (scenario.given ?? []).map(({ actor, ...fault }) =>
    faults.add({ ...fault, caller: stage.functionOf(actor), about: id }),
  );
  if (!point) return () => given.every(({ isMet }) => isMet);
  const placed = faults.add({ ...point.call, ...point.disturbance.fault, about: id });
  return () => placed.isMet;
}
