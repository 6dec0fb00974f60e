import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';

/** A pause of a schedule: none of its fire times from `since` on, and before `until`, is started. */
export interface Pause {
  readonly note?: string;
  /** The ARN of whoever paused it; `almanac` where the schedule paused itself. */
  readonly by: string;
  readonly since: EpochSeconds;
  /** From this instant on the schedule fires again, without another write; absent: until it is resumed. */
  readonly until?: EpochSeconds;
}

/** Fire times that the last pause has passed over, both included. */
export interface PassedOver {
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
}

/** What of a schedule's state says which fire times are left out. */
export interface PauseState {
  readonly paused?: Pick<Pause, 'since' | 'until'>;
  /** A start of one of these that still comes, as one that was under way, is skipped. */
  readonly passedOver?: PassedOver;
}

/** Tells whether a fire time is left out, by a pause that is in effect, has passed, or is to end by itself. */
export function isLeftOut({ paused, passedOver }: PauseState, fireTime: EpochSeconds): boolean {
  return (
    (paused !== undefined && paused.since <= fireTime && fireTime < endOf(paused)) ||
    (passedOver !== undefined && passedOver.from <= fireTime && fireTime <= passedOver.to)
  );
}

/** Finds the pause that is in effect at an instant; one that has ended by itself is none, though the state still has it. */
export function pauseAt(
  { paused }: { readonly paused?: Pause },
  at: EpochSeconds,
): Pause | undefined {
  return paused && at < endOf(paused) ? paused : undefined;
}

/** Finds what a write that is not about the pause leaves of it: one that has ended by itself is only remembered for what it passed over. */
export function keptPause(
  state: { readonly paused?: Pause; readonly passedOver?: PassedOver },
  now: EpochSeconds,
): { readonly paused?: Pause; readonly passedOver?: PassedOver } {
  const { paused, passedOver } = state;
  if (!paused || pauseAt(state, now))
    return { ...(paused && { paused }), ...(passedOver && { passedOver }) };
  return { passedOver: { from: paused.since, to: endOf(paused) - 1 } };
}

function endOf({ until }: Pick<Pause, 'until'>): EpochSeconds {
  return until ?? Number.POSITIVE_INFINITY;
}
