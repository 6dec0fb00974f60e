import type { Places } from '#shared/domain/backdating/places.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Errand } from '#shared/domain/errand/errand.ts';
import type { StartPolicy } from '#shared/domain/job/policy.ts';

/** The giving of a policy's times to the jobs that have settled by an earlier one, newest first, and how far it has come. */
export interface Backdating extends Errand {
  /** As it was when this was asked for: whose times the jobs are given. */
  readonly policy: StartPolicy;
  /** Of the schedule with that policy: jobs of a later one are not touched. */
  readonly revision: number;
  /** No job of a later fire time is looked at. */
  readonly to: EpochSeconds;
  /** Set once no earlier backdating of the schedule can still write to a job. */
  readonly isAlone?: true;
  /** The fire time that was looked at last, as the table's key has it; absent: none was. */
  readonly after?: string;
  /** Of the jobs that the policy holds by their number, how many have yet to be found. */
  readonly places: Places;
  readonly counts: BackdatingCounts;
}

/** What was found of the jobs that have been looked at, and done about them. */
export interface BackdatingCounts {
  readonly looked: number;
  /** They were given other times, or are held now, or not any more. What a step that died had changed counts as `unchanged`. */
  readonly changed: number;
  /** Of these, those whose result's object was copied to a longer lifecycle class. */
  readonly moved: number;
  /** They had the policy's times. */
  readonly unchanged: number;
  /** Someone has set the times of each by hand, or it is of a later revision, or its object has gone. */
  readonly leftAlone: number;
  /** Their result, or their record, was hidden already. */
  readonly expired: number;
  /** They had not ended, and settle by the policy that they were started with. */
  readonly open: number;
}

/** Counts nothing, of which every backdating begins. */
export const NOTHING_LOOKED_AT: BackdatingCounts = {
  looked: 0,
  changed: 0,
  moved: 0,
  unchanged: 0,
  leftAlone: 0,
  expired: 0,
  open: 0,
};

/**
 * A start of the policy before may still come for fire times this long after the change, as EventBridge learns of it moments late; what a
 * schedule that is created anew under the same id has fired comes later.
 */
export const LATE_STARTS_SECONDS = 90;

/** The function that does a step is stopped after this long. */
export const LONGEST_BACKDATING_STEP_SECONDS = 120;

/** So long after another backdating has ended, a step of it that was under way then may still write to a job. */
export const STEP_OVER_SECONDS = LONGEST_BACKDATING_STEP_SECONDS + 30;
