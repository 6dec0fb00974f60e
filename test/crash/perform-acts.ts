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

/** What was done. */
export interface Performance {
  /** Tells whether what was to go wrong in an act did. */
  readonly isDisturbed: (act: Act) => boolean;
  /** When the acts' schedules were run by hand in the end, where they were. */
  readonly ranAt?: EpochSeconds;
}

/** Plays acts beside each other, until long after the last of them. */
export async function performActs(
  scenario: Scenario,
  acts: readonly Act[],
  stage: Stage,
): Promise<Performance> {
  const { cloud, define } = stage.play;
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
    if (scenario.isRunByHand) await runByHand(id, stage);
  }
  await cloud.clock.advanceBy((scenario.firings.at(-1) ?? 0) + LONG_AFTER_SECONDS);
  const isDisturbed = (act: Act) => disturbances.get(act)?.() ?? false;
  if (!scenario.isRunAfterwards) return { isDisturbed };
  const ranAt = cloud.clock.now();
  for (const { id } of acts) await runByHand(id, stage);
  await cloud.clock.advanceBy(AFTERWARDS_SECONDS);
  return { isDisturbed, ranAt };
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
