import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Act } from './perform-acts.ts';
import { DEFAULT_PACE, type Scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

/**
 * Gives acts their times. Those whose actors are given one of them at a time are played all at once; others apart, so that a process that is
 * killed for one act has no other in hand.
 */
export function placeActs(
  acts: readonly Omit<Act, 'firstAt'>[],
  { play, functionOf }: Stage,
): readonly Act[] {
  const alone = new Set(
    (['task', 'AdvanceSchedule', 'RunBackdating', 'RunBackfill'] as const).map((actor) =>
      functionOf(actor),
    ),
  );
  const beforeSeconds = Math.max(...acts.map(({ scenario }) => paceOf(scenario).beforeSeconds));
  const begin = Math.ceil((play.cloud.clock.now() + beforeSeconds) / 60) * 60;
  let last: EpochSeconds = begin;
  return acts.map((act) => {
    if (act.points.every(({ call }) => alone.has(call.caller))) return { ...act, firstAt: begin };
    last += paceOf(act.scenario).apartSeconds;
    return { ...act, firstAt: last };
  });
}

/** How the acts of a scenario follow each other. */
export function paceOf({ pace = DEFAULT_PACE }: Scenario) {
  return pace;
}

/** Begins the ids of a scenario's acts. */
export function slugOf({ name }: Scenario): string {
  return name.replaceAll(' ', '-');
}
