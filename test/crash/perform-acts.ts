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
  const { api, cloud, define } = stage.play;
  const disturbances = new Map<Act, () => boolean>();
  for (const act of acts) {
    disturbances.set(act, disturb(scenario, act, stage));
    await define({
      id: act.id,
      task: 'probe',
      resultExpirationTime: '1d',
      ...scenario.schedule(toIso(act.firstAt)),
    });
  }
  for (const { id, firstAt } of acts.toSorted((one, other) => one.firstAt - other.firstAt)) {
    await cloud.clock.advanceTo(firstAt);
    if (!scenario.isRunByHand) continue;
    const { status, text } = await api.request('POST', `/v1/schedules/${id}/run`, { body: {} });
    if (status !== 202) throw new Error(`Expected ${id} to run, got ${status}: ${text}`);
    await cloud.settle();
  }
  await cloud.clock.advanceBy((scenario.firings.at(-1) ?? 0) + LONG_AFTER_SECONDS);
  return (act) => disturbances.get(act)?.() ?? false;
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
